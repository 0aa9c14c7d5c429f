package dev.ashlar.raft.transport;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

import io.vertx.core.buffer.Buffer;

/**
 * The records of a snapshot stream: u8 type, u32 length of the payload, u32 CRC32C of type, length and payload, payload.
 *
 * <p>{@code Q} request: i32 group · {@code F} file: i64 length, name · {@code C} chunk: data · {@code E} end of a file: u32
 * CRC32C of its data · {@code D} done: i64 applied index, i32 files, i64 bytes of all · {@code X} failed: reason.
 */
final class SnapshotWire {
    static final byte REQUEST = 'Q';
    static final byte FILE = 'F';
    static final byte CHUNK = 'C';
    static final byte FILE_END = 'E';
    static final byte DONE = 'D';
    static final byte FAILED = 'X';

    private static final int HEADER_BYTES = 9;

    /** Plain names: no separators, and no leading dot, so neither {@code .} nor {@code ..}. */
    private static final Pattern NAME =
            Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0," + (TransportLimits.FILE_NAME_BYTES_MAX - 1) + "}");

    /** Where records go, in order. */
    interface Output {
        /** May block until the other side has taken earlier ones. */
        void write(Buffer bytes) throws IOException;
    }

    private SnapshotWire() {}

    static Buffer request(int groupId) {
        return record(REQUEST, ByteBuffer.allocate(4).putInt(groupId).array());
    }

    static Buffer file(String name, long length) throws IOException {
        checkName(name);
        byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        return record(
                FILE,
                ByteBuffer.allocate(8 + bytes.length).putLong(length).put(bytes).array());
    }

    static Buffer fileEnd(CRC32C crc) {
        return record(
                FILE_END, ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    static Buffer done(long index, int files, long bytes) {
        return record(
                DONE,
                ByteBuffer.allocate(20)
                        .putLong(index)
                        .putInt(files)
                        .putLong(bytes)
                        .array());
    }

    static Buffer failed(String reason) {
        return record(FAILED, Handshake.shorten(reason).getBytes(StandardCharsets.US_ASCII));
    }

    static Buffer record(byte type, byte[] payload) {
        return record(type, payload, payload.length);
    }

    static Buffer record(byte type, byte[] payload, int length) {
        return Buffer.buffer(HEADER_BYTES + length)
                .appendByte(type)
                .appendInt(length)
                .appendInt(crc(type, payload, length))
                .appendBytes(payload, 0, length);
    }

    static void checkName(String name) throws ProtocolException {
        if (!NAME.matcher(name).matches()) {
            throw new ProtocolException("'" + Handshake.shorten(name) + "' is not a plain file name");
        }
    }

    private static int crc(byte type, byte[] payload, int length) {
        CRC32C crc = new CRC32C();
        crc.update(type);
        crc.update(ByteBuffer.allocate(4).putInt(0, length));
        crc.update(payload, 0, length);
        return (int) crc.getValue();
    }

    /** Reads records one after the other into one buffer. */
    static final class Reader {
        private final DataInputStream in;
        private final byte[] payload = new byte[TransportLimits.CHUNK_BYTES_MAX];
        private int length;

        Reader(InputStream in) {
            this.in = new DataInputStream(in);
        }

        /** The type of the next record, which is whole and checked then. */
        byte next() throws IOException {
            byte type = in.readByte();
            length = in.readInt();
            int crc = in.readInt();
            if (length < 0 || length > payload.length) {
                throw new ProtocolException("record of " + (length & 0xffffffffL) + " bytes");
            }
            in.readFully(payload, 0, length);
            if (crc(type, payload, length) != crc) {
                throw new ProtocolException("checksum of a record differs");
            }
            return type;
        }

        /** The payload of the last record; the next one overwrites it. */
        ByteBuffer payload() {
            return ByteBuffer.wrap(payload, 0, length);
        }

        String text() {
            return new String(payload, 0, length, StandardCharsets.US_ASCII);
        }
    }
}
