package dev.ashlar.raft.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The two messages that open a connection. Both stand in the same envelope: 8 bytes magic, u16 major and u16 minor
 * protocol version, u16 length of the body, the body, u32 CRC32C of all before. A reader decides on the magic and the
 * version before it trusts the length.
 */
final class Handshake {
    static final byte[] MAGIC = "ASHLPEER".getBytes(StandardCharsets.US_ASCII);
    /** A peer of another major version is refused. */
    static final int MAJOR = 1;
    /** A peer of another minor version is welcome: it only leaves out or adds what the other does not need. */
    static final int MINOR = 0;

    static final int PREFIX_BYTES = 14;

    /** What a connection is for. */
    enum Purpose {
        FRAMES(0),
        SNAPSHOT(1);

        private final int code;

        Purpose(int code) {
            this.code = code;
        }

        private static Purpose of(int code) throws ProtocolException {
            return switch (code) {
                case 0 -> FRAMES;
                case 1 -> SNAPSHOT;
                default -> throw new ProtocolException("unknown purpose " + code);
            };
        }
    }

    /**
     * What the dialler says first.
     *
     * @param toNodeId whom it wants to reach; an address may have gone over to another process
     */
    record Hello(Purpose purpose, String clusterId, String fromNodeId, long incarnation, String toNodeId) {}

    /**
     * What the acceptor answers.
     *
     * @param incarnation of the acceptor, so that a dialler does not speak to a process that has been replaced
     * @param reason why it refuses, else empty
     */
    record Answer(boolean accepted, long incarnation, String reason) {}

    private Handshake() {}

    static byte[] encode(Hello hello) {
        ByteBuffer body = ByteBuffer.allocate(TransportLimits.HANDSHAKE_BODY_BYTES_MAX);
        body.put((byte) hello.purpose.code).putLong(hello.incarnation);
        putText(body, hello.clusterId);
        putText(body, hello.fromNodeId);
        putText(body, hello.toNodeId);
        return envelope(body.flip());
    }

    static byte[] encode(Answer answer) {
        ByteBuffer body = ByteBuffer.allocate(TransportLimits.HANDSHAKE_BODY_BYTES_MAX);
        body.put((byte) (answer.accepted ? 1 : 0)).putLong(answer.incarnation);
        putText(body, shorten(answer.reason));
        return envelope(body.flip());
    }

    static Hello decodeHello(byte[] message) throws ProtocolException {
        ByteBuffer body = body(message);
        try {
            Purpose purpose = Purpose.of(body.get());
            long incarnation = body.getLong();
            return new Hello(purpose, getText(body), getText(body), incarnation, getText(body));
        } catch (java.nio.BufferUnderflowException e) {
            throw new ProtocolException("handshake is too short");
        }
    }

    static Answer decodeAnswer(byte[] message) throws ProtocolException {
        ByteBuffer body = body(message);
        try {
            boolean accepted = body.get() == 1;
            long incarnation = body.getLong();
            return new Answer(accepted, incarnation, getText(body));
        } catch (java.nio.BufferUnderflowException e) {
            throw new ProtocolException("handshake is too short");
        }
    }

    /** A reason as it fits into a message. */
    static String shorten(String reason) {
        StringBuilder printable = new StringBuilder();
        for (int i = 0; i < reason.length() && i < TransportLimits.REASON_CHARS_MAX; i++) {
            char c = reason.charAt(i);
            printable.append(c >= ' ' && c < 127 ? c : '?');
        }
        return printable.toString();
    }

    private static byte[] envelope(ByteBuffer body) {
        ByteBuffer out = ByteBuffer.allocate(PREFIX_BYTES + body.remaining() + 4);
        out.put(MAGIC).putShort((short) MAJOR).putShort((short) MINOR).putShort((short) body.remaining());
        out.put(body);
        out.putInt(crc(out.array(), out.position()));
        return out.array();
    }

    private static ByteBuffer body(byte[] message) throws ProtocolException {
        ByteBuffer in = ByteBuffer.wrap(message);
        int end = message.length - 4;
        if (in.getInt(end) != crc(message, end)) {
            throw new ProtocolException("checksum of the handshake differs");
        }
        return in.position(PREFIX_BYTES).limit(end);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static void putText(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 255) {
            throw new IllegalArgumentException("'" + text + "' is longer than 255 bytes");
        }
        out.put((byte) bytes.length).put(bytes);
    }

    private static String getText(ByteBuffer in) {
        byte[] bytes = new byte[in.get() & 0xff];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
