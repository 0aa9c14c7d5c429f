package dev.ashlar.raft.state;

/** Numbers as eight bytes, big endian, so that their order is the order of the bytes. */
public final class Numbers {
    private Numbers() {}

    public static byte[] toBytes(long value) {
        byte[] bytes = new byte[Long.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[i] = (byte) (value >>> (Byte.SIZE * (Long.BYTES - 1 - i)));
        }
        return bytes;
    }

    /** 0 for null: a number that was never written. */
    static long fromBytes(byte[] bytes) {
        return bytes == null ? 0 : fromBytes(bytes, 0);
    }

    /** Reads eight bytes from an offset. */
    public static long fromBytes(byte[] bytes, int offset) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | (bytes[offset + i] & 0xff);
        }
        return value;
    }
}
