package dev.ashlar.store.kv;

import java.util.Arrays;

/** Grows a byte array: varints (unsigned LEB128), blocks with their length, big-endian longs. One thread. */
final class ByteWriter {
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
        room(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
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

    void raw(byte[] data) {
        room(data.length);
        System.arraycopy(data, 0, bytes, size, data.length);
        size += data.length;
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
