package dev.ashlar.bench.grpc;

import java.io.ByteArrayOutputStream;

/** The few protobuf messages that a benchmark of etcd sends, encoded by hand. Names are those of etcd's rpc.proto. */
final class Protobuf {
    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int VARINT = 0;
    private static final int LENGTH_DELIMITED = 2;

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

    /** Compare's {@code result} and RangeRequest's limits are numbers like this one. */
    static byte[] number(int field, long value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(12);
        varint(out, field << 3 | VARINT);
        varint(out, value);
        return out.toByteArray();
    }

    /** A string, bytes or message. */
    static byte[] field(int field, byte[]... parts) {
        byte[] content = joined(parts);
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.writeBytes(open(field, content.length));
        out.writeBytes(content);
        return out.toByteArray();
    }

    /** What stands before a string, bytes or message of so many bytes. */
    static byte[] open(int field, int bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(6);
        varint(out, field << 3 | LENGTH_DELIMITED);
        varint(out, bytes);
        return out.toByteArray();
    }

    static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(64);
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long left = value;
        while ((left & ~0x7fL) != 0) {
            out.write((int) (left & 0x7f) | 0x80);
            left >>>= 7;
        }
        out.write((int) left);
    }

    /** Whether the message {@code bytes[from..to)} holds {@code field} as a number that is not 0. False for what cannot be read. */
    static boolean isSet(int field, byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            int tag = bytes[at++];
            long value = 0;
            for (int shift = 0; at < to; shift += 7) {
                byte b = bytes[at++];
                value |= (long) (b & 0x7f) << shift;
                if (b >= 0) {
                    break;
                }
            }
            if (tag == (field << 3 | VARINT)) {
                return value != 0;
            }
            if ((tag & 7) == LENGTH_DELIMITED) {
                at += Math.clamp(value, 0, to - at);
            } else if ((tag & 7) != VARINT) {
                return false;
            }
        }
        return false;
    }
}
