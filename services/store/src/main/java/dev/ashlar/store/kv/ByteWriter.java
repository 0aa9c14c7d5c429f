package dev.ashlar.store.kv;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Grows a byte array: varints (unsigned LEB128), blocks with their length, big-endian longs. One thread. */
final class ByteWriter {
    private static final int KEEP_BYTES_MAX = 64 << 10;

    private byte[] bytes;
    private int size;

    ByteWriter(int expectedBytes) {
        bytes = new byte[expectedBytes];
    }

    void one(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    /** A number of at least 0. */
    void varint(long value) {
        room(varintBytes(value));
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    /** How many bytes {@link #varint} writes for a number. */
    static int varintBytes(long value) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    /** How many bytes {@link #block} writes for so many. */
    static int blockBytes(int length) {
        return varintBytes(length) + length;
    }

    /** How many bytes {@link #text} writes for a valid text. */
    static int textBytes(String text) {
        return blockBytes(Keys.utf8Length(text));
    }

    void fixed64(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[size++] = (byte) (value >>> shift);
        }
    }

    /** The length, then the bytes. */
    void block(byte[] data) {
        varint(data.length);
        raw(data);
    }

    /** A text as a block of its UTF-8. */
    void text(String text) {
        block(text.getBytes(StandardCharsets.UTF_8));
    }

    void raw(byte[] data) {
        room(data.length);
        System.arraycopy(data, 0, bytes, size, data.length);
        size += data.length;
    }

    void raw(byte[] data, int from, int length) {
        room(length);
        System.arraycopy(data, from, bytes, size, length);
        size += length;
    }

    /** All that another one holds. */
    void raw(ByteWriter other) {
        raw(other.bytes, 0, other.size);
    }

    /** Empties it; a large array is given back. */
    void clear() {
        if (bytes.length > KEEP_BYTES_MAX) {
            bytes = new byte[KEEP_BYTES_MAX];
        }
        size = 0;
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
