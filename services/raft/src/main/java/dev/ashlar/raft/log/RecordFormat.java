package dev.ashlar.raft.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Records as bytes, big endian, each starting at a multiple of 8:
 *
 * <pre>
 *  0 header checksum   4 payload checksum   8 payload length  12 term
 * 16 batch            24 index             32 group           36 kind  37 type  38 zero (2)   40 payload, zeroes up to 8n
 * </pre>
 *
 * The header checksum starts from the seed of the segment (its number and a random salt), so neither a record that a recycled file still
 * holds, nor a payload made to look like a record, passes for one. It covers the payload checksum; having its own keeps
 * the search for records behind a damaged place linear. Not thread safe.
 */
final class RecordFormat {
    static final int HEADER_BYTES = 40;

    private static final byte[] NOTHING = new byte[0];
    private static final int KIND_AT = 36;
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(64 << 10).asReadOnlyBuffer();

    private final CRC32C crc = new CRC32C();

    /** Bytes that a record takes in a segment. */
    static long size(long payloadBytes) {
        return HEADER_BYTES + ((payloadBytes + 7) & ~7L);
    }

    /** Writes a record; the buffer must have room. Moves position and limit of the buffer. */
    void write(
            ByteBuffer buffer,
            int at,
            byte[] seed,
            RecordKind kind,
            byte type,
            int group,
            int term,
            long index,
            long batch,
            byte[] payload) {
        buffer.clear();
        crc.reset();
        crc.update(payload);
        buffer.putInt(at + 4, (int) crc.getValue())
                .putInt(at + 8, payload.length)
                .putInt(at + 12, term)
                .putLong(at + 16, batch)
                .putLong(at + 24, index)
                .putInt(at + 32, group)
                .put(at + KIND_AT, kind.code)
                .put(at + 37, type)
                .putShort(at + 38, (short) 0)
                .put(at + HEADER_BYTES, payload);
        int end = at + (int) size(payload.length);
        for (int i = at + HEADER_BYTES + payload.length; i < end; i++) {
            buffer.put(i, (byte) 0);
        }
        buffer.putInt(at, headerChecksum(buffer, at, seed));
    }

    void writeBare(ByteBuffer buffer, int at, byte[] seed, RecordKind kind, long index, long batch) {
        write(buffer, at, seed, kind, (byte) 0, 0, 0, index, batch, NOTHING);
    }

    /** Whether a whole header of this segment starts there. Moves position and limit of the buffer. */
    boolean headerValid(ByteBuffer buffer, int at, byte[] seed) {
        return at + HEADER_BYTES <= buffer.capacity()
                && RecordKind.known(buffer.get(at + KIND_AT))
                && buffer.getShort(at + 38) == 0
                && buffer.getInt(at) == headerChecksum(buffer, at, seed);
    }

    /**
     * The first offset from {@code at} on, in steps of 8, where a header can start: what is zero is none. Most of a segment is
     * zero, and is passed over much faster than it is looked at.
     *
     * @return the size of the buffer when there is nothing but zero
     */
    static int mayStart(ByteBuffer buffer, int at) {
        if (at + KIND_AT >= buffer.capacity() || buffer.get(at + KIND_AT) != 0) {
            return at;
        }
        for (int from = at + KIND_AT; from < buffer.capacity(); from += ZEROS.capacity()) {
            int length = Math.min(ZEROS.capacity(), buffer.capacity() - from);
            int zeros = buffer.slice(from, length).mismatch(ZEROS.slice(0, length));
            if (zeros >= 0) {
                return Math.max(at, (from + zeros - KIND_AT + 7) & ~7);
            }
        }
        return buffer.capacity();
    }

    /** Whether a whole record of this segment starts there. Moves position and limit of the buffer. */
    boolean valid(ByteBuffer buffer, int at, byte[] seed) {
        return fits(buffer, at, seed) && payloadValid(buffer, at);
    }

    /** Whether a header of this segment starts there, and its payload lies in the buffer. Moves position and limit of the buffer. */
    boolean fits(ByteBuffer buffer, int at, byte[] seed) {
        if (!headerValid(buffer, at, seed)) {
            return false;
        }
        int length = length(buffer, at);
        return length >= 0 && at + size(length) <= buffer.capacity();
    }

    /** Whether the payload of the record there is what was written. Moves position and limit of the buffer. */
    boolean payloadValid(ByteBuffer buffer, int at) {
        buffer.clear().position(at + HEADER_BYTES).limit(at + HEADER_BYTES + length(buffer, at));
        crc.reset();
        crc.update(buffer);
        buffer.clear();
        return buffer.getInt(at + 4) == (int) crc.getValue();
    }

    private int headerChecksum(ByteBuffer buffer, int at, byte[] seed) {
        buffer.clear().position(at + 4).limit(at + HEADER_BYTES);
        crc.reset();
        crc.update(seed);
        crc.update(buffer);
        buffer.clear();
        return (int) crc.getValue();
    }

    static int length(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 8);
    }

    static int term(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 12);
    }

    static long batch(ByteBuffer buffer, int at) {
        return buffer.getLong(at + 16);
    }

    static long index(ByteBuffer buffer, int at) {
        return buffer.getLong(at + 24);
    }

    static int group(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 32);
    }

    static RecordKind kind(ByteBuffer buffer, int at) {
        return RecordKind.of(buffer.get(at + KIND_AT));
    }

    static byte type(ByteBuffer buffer, int at) {
        return buffer.get(at + 37);
    }

    static byte[] payload(ByteBuffer buffer, int at) {
        byte[] payload = new byte[length(buffer, at)];
        buffer.get(at + HEADER_BYTES, payload);
        return payload;
    }
}
