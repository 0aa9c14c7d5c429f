package dev.ashlar.raft.state;

import java.util.Arrays;

/**
 * Collects the effects of a turn in the serialized form of a RocksDB write batch, so that a turn costs one native call
 * and not one per key. The form is the one RocksDB keeps in its log files and therefore stable: a sequence number (8
 * bytes, 0), a count (4 bytes, little endian), then per record a tag, and key and value each with a varint length.
 *
 * <p>Engine thread only.
 */
public final class TurnBatch {
    private static final int HEADER_BYTES = 12;
    private static final int COUNT_OFFSET = 8;
    private static final byte TAG_DELETE = 0;
    private static final byte TAG_PUT = 1;
    private static final int RECORD_OVERHEAD_BYTES = 11;
    private static final int KEEP_BYTES_MAX = 1 << 20;
    private static final int START_BYTES = 16 << 10;

    private byte[] bytes = new byte[START_BYTES];
    private int size = HEADER_BYTES;
    private int count;

    /** Writes a key. */
    public void put(byte[] key, byte[] value) {
        room(key.length + value.length + RECORD_OVERHEAD_BYTES);
        bytes[size++] = TAG_PUT;
        block(key);
        block(value);
        count++;
    }

    /** Deletes a key, whether it is there or not. */
    public void delete(byte[] key) {
        room(key.length + RECORD_OVERHEAD_BYTES);
        bytes[size++] = TAG_DELETE;
        block(key);
        count++;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int sizeBytes() {
        return size;
    }

    byte[] toBytes() {
        for (int i = 0; i < Integer.BYTES; i++) {
            bytes[COUNT_OFFSET + i] = (byte) (count >>> (Byte.SIZE * i));
        }
        return Arrays.copyOf(bytes, size);
    }

    void clear() {
        if (bytes.length > KEEP_BYTES_MAX) {
            bytes = new byte[START_BYTES];
        }
        size = HEADER_BYTES;
        count = 0;
    }

    private void block(byte[] data) {
        int rest = data.length;
        while (rest >= 0x80) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        System.arraycopy(data, 0, bytes, size, data.length);
        size += data.length;
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
