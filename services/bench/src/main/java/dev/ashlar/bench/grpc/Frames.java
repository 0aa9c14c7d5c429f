package dev.ashlar.bench.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** HTTP/2 frames (RFC 9113, section 4): their numbers, and writing them. */
final class Frames {
    static final int HEADER_BYTES = 9;
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int SETTING_HEADER_TABLE_SIZE = 1;
    static final int SETTING_ENABLE_PUSH = 2;
    static final int SETTING_INITIAL_WINDOW_SIZE = 4;

    /** What both windows, of the connection and of each stream, start with. */
    static final int DEFAULT_WINDOW_BYTES = 65_535;

    /** The receive window that we grant a connection, in bytes; renewed when half is used. */
    static final int RECEIVE_WINDOW_BYTES = 1 << 30;

    /** The receive window that each stream starts with, in bytes. */
    static final int STREAM_WINDOW_BYTES = 16 << 20;

    /** Bytes of {@link #open}. */
    static final int OPEN_BYTES = 64;

    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private Frames() {}

    /** The client's preface: no header table for answers, no push, wide windows. */
    static void open(ByteBuffer out) {
        out.put(PREFACE);
        header(out, 18, SETTINGS, 0, 0);
        out.putShort((short) SETTING_HEADER_TABLE_SIZE).putInt(0);
        out.putShort((short) SETTING_ENABLE_PUSH).putInt(0);
        out.putShort((short) SETTING_INITIAL_WINDOW_SIZE).putInt(STREAM_WINDOW_BYTES);
        windowUpdate(out, 0, RECEIVE_WINDOW_BYTES - DEFAULT_WINDOW_BYTES);
    }

    /** {@code stream} 0 is the connection. */
    static void windowUpdate(ByteBuffer out, int stream, int bytes) {
        header(out, 4, WINDOW_UPDATE, 0, stream);
        out.putInt(bytes);
    }

    static void header(ByteBuffer out, int length, int type, int flags, int stream) {
        out.put((byte) (length >>> 16)).putShort((short) length);
        out.put((byte) type).put((byte) flags).putInt(stream);
    }

    static int int24(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
    }

    static int int32(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24 | int24(bytes, at + 1);
    }
}
