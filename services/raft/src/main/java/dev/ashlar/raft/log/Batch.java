package dev.ashlar.raft.log;

import java.nio.ByteBuffer;

/**
 * Records that are written and synced together, in one segment: BEGIN, records, END. Guarded by the lock of the log until it is
 * sealed; after that nobody changes it.
 */
final class Batch {
    static final int FIRST_BYTES = 64 << 10;

    final Segment segment;
    final int base;
    final long number;
    private ByteBuffer buffer;
    private int length;
    private int records;

    Batch(Segment segment, int base, long number, int endBefore, ByteBuffer buffer, RecordFormat format) {
        this.segment = segment;
        this.base = base;
        this.number = number;
        this.buffer = buffer;
        room(RecordFormat.HEADER_BYTES);
        format.writeBare(this.buffer, 0, segment.seed, RecordKind.BEGIN, endBefore, number);
        length = RecordFormat.HEADER_BYTES;
    }

    /** Whether a record fits and, after it, this batch's END, the next one's BEGIN, and that one's END. */
    boolean fits(long bytes) {
        return base + (long) length + bytes + 3L * RecordFormat.HEADER_BYTES <= segment.size;
    }

    boolean isEmpty() {
        return records == 0;
    }

    int end() {
        return base + length;
    }

    /** Returns the offset of the record in the segment. */
    int add(RecordFormat format, RecordKind kind, byte type, int group, int term, long index, byte[] payload) {
        int bytes = (int) RecordFormat.size(payload.length);
        room(bytes);
        format.write(buffer, length, segment.seed, kind, type, group, term, index, number, payload);
        length += bytes;
        records++;
        return base + length - bytes;
    }

    void seal(RecordFormat format) {
        room(RecordFormat.HEADER_BYTES);
        format.writeBare(buffer, length, segment.seed, RecordKind.END, 0, number);
        length += RecordFormat.HEADER_BYTES;
        records++;
    }

    /** What is to be written at {@link #base}. */
    ByteBuffer bytes() {
        return buffer.duplicate().clear().limit(length).slice();
    }

    /** The BEGIN record alone. */
    ByteBuffer begin() {
        return ByteBuffer.allocate(RecordFormat.HEADER_BYTES)
                .put(0, buffer, 0, RecordFormat.HEADER_BYTES)
                .clear();
    }

    boolean holds(LogPosition position) {
        return position.segment() == segment.number && position.offset() >= base && position.offset() < base + length;
    }

    byte[] read(LogPosition position, RecordFormat format) throws LogCorruptException {
        ByteBuffer view = bytes();
        int at = position.offset() - base;
        if (!format.valid(view, at, segment.seed) || RecordFormat.length(view, at) != position.length()) {
            throw LogCorruptException.at(segment.file, position.offset(), "an entry has changed in memory");
        }
        return RecordFormat.payload(view, at);
    }

    /** The buffer, to be used again. */
    ByteBuffer buffer() {
        return buffer;
    }

    private void room(int bytes) {
        if (buffer.capacity() - length < bytes) {
            ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(buffer.capacity() * 2, length + bytes));
            larger.put(0, buffer, 0, length);
            buffer = larger;
        }
    }
}
