package dev.ashlar.bench.grpc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header block of unary calls on one connection. The first call of each method puts its headers into the server's HPACK
 * table, every later one is six bytes of references: what a common gRPC client sends, so the server has no more to do.
 */
final class RequestHeaders {
    /** Most bytes of one block. */
    static final int BYTES_MAX = 256;

    /** Most different methods on one connection. */
    static final int METHODS_MAX = 4;

    private static final int METHOD_POST = 3;
    private static final int SCHEME_HTTP = 6;
    private static final int PATH = 4;
    private static final int AUTHORITY = 1;
    private static final int CONTENT_TYPE = 31;
    private static final int STATIC_ENTRIES = 61;

    private final String authority;
    private int inserted;
    private int commonOrder = -1;
    private final int[] pathOrder = new int[METHODS_MAX];

    RequestHeaders(String authority) {
        this.authority = authority;
        Arrays.fill(pathOrder, -1);
    }

    /** Writes the block. {@code method} is below {@link #METHODS_MAX}, {@code path} its path. */
    void encode(int method, String path, ByteBuffer out) {
        out.put((byte) (0x80 | METHOD_POST)).put((byte) (0x80 | SCHEME_HTTP));
        if (pathOrder[method] < 0) {
            pathOrder[method] = insert(PATH, path, out);
        } else {
            reference(pathOrder[method], out);
        }
        if (commonOrder < 0) {
            commonOrder = insert(AUTHORITY, authority, out);
            insert(CONTENT_TYPE, "application/grpc", out);
            insertNamed("te", "trailers", out);
        } else {
            for (int i = 0; i < 3; i++) {
                reference(commonOrder + i, out);
            }
        }
    }

    private void reference(int order, ByteBuffer out) {
        out.put((byte) (0x80 | STATIC_ENTRIES + inserted - order));
    }

    private int insert(int name, String value, ByteBuffer out) {
        out.put((byte) (0x40 | name));
        text(value, out);
        return inserted++;
    }

    private void insertNamed(String name, String value, ByteBuffer out) {
        out.put((byte) 0x40);
        text(name, out);
        text(value, out);
        inserted++;
    }

    private static void text(String text, ByteBuffer out) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length > 126) {
            throw new IllegalArgumentException("a header longer than 126 bytes: " + text);
        }
        out.put((byte) bytes.length).put(bytes);
    }
}
