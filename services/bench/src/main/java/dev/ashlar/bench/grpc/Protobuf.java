package dev.ashlar.bench.grpc;

import java.io.ByteArrayOutputStream;

/** The few protobuf messages that a benchmark of etcd sends, encoded by hand. */
final class Protobuf {
    /** Field 1, length-delimited: {@code key} of PutRequest and RangeRequest. */
    private static final int KEY = 1 << 3 | 2;
    /** Field 2, length-delimited: {@code value} of PutRequest. */
    private static final int VALUE = 2 << 3 | 2;

    private Protobuf() {}

    /** {@code RangeRequest{key}}: a linearizable read of one key, since {@code serializable} is left false. */
    static byte[] range(byte[] key) {
        return field(KEY, key);
    }

    /** The part of {@code PutRequest} that names the key; a {@link #value} follows it. */
    static byte[] putKey(byte[] key) {
        return field(KEY, key);
    }

    /** The part of {@code PutRequest} that holds the value. */
    static byte[] value(byte[] value) {
        return field(VALUE, value);
    }

    private static byte[] field(int tag, byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 6);
        out.write(tag);
        int length = bytes.length;
        while (length > 0x7f) {
            out.write((length & 0x7f) | 0x80);
            length >>>= 7;
        }
        out.write(length);
        out.writeBytes(bytes);
        return out.toByteArray();
    }
}
