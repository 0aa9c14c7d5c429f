package dev.ashlar.bench.grpc;

import java.nio.charset.StandardCharsets;

/**
 * Finds {@code grpc-status} in a header block (HPACK, RFC 7541) that was encoded without a dynamic table.
 *
 * <p>grpc-go writes it as a literal with a literal name, Huffman-coded since that is shorter; its value of one or two digits
 * is never shorter in Huffman code and stands as it is. So two byte patterns cover all that can come, and no decoder is
 * needed.
 */
final class GrpcStatus {
    /** The block holds no status that can be read. */
    static final int UNKNOWN = 2;

    private static final byte[] HUFFMAN_NAME = {
        (byte) 0x88, (byte) 0x9a, (byte) 0xca, (byte) 0xc8, (byte) 0xb2, 0x12, 0x34, (byte) 0xda, (byte) 0x8f
    };
    private static final byte[] PLAIN_NAME = "\013grpc-status".getBytes(StandardCharsets.US_ASCII);

    private GrpcStatus() {}

    /** The status code in {@code bytes[from..to)}, or {@link #UNKNOWN}. */
    static int of(byte[] bytes, int from, int to) {
        int value = after(HUFFMAN_NAME, bytes, from, to);
        if (value < 0) {
            value = after(PLAIN_NAME, bytes, from, to);
        }
        if (value < 0 || value + 1 >= to) {
            return UNKNOWN;
        }
        int length = bytes[value];
        if (length < 1 || length > 2 || value + length >= to) {
            return UNKNOWN;
        }
        int code = 0;
        for (int i = 1; i <= length; i++) {
            code = code * 10 + bytes[value + i] - '0';
        }
        return code;
    }

    private static int after(byte[] name, byte[] bytes, int from, int to) {
        for (int i = from; i + name.length < to; i++) {
            int n = 0;
            while (n < name.length && bytes[i + n] == name[n]) {
                n++;
            }
            if (n == name.length) {
                return i + n;
            }
        }
        return -1;
    }
}
