package dev.ashlar.raft.log;

import java.util.Arrays;

/**
 * A group of an open log: what is known of it, and where its live entries are. Eight bytes of memory per live entry. Guarded by
 * the lock of the log.
 */
final class GroupLog {
    GroupMeta meta;
    private long released;
    /** {@code segment << 32 | offset} of entry {@code released + 1 + i} at {@code head + i}. */
    private long[] places = new long[64];

    private int head;
    private int size;
    /** How many live entries each segment holds. */
    private final SegmentCounts perSegment = new SegmentCounts();

    GroupLog(GroupMeta meta, long released) {
        this.meta = meta;
        this.released = released;
    }

    long released() {
        return released;
    }

    long last() {
        return released + size;
    }

    boolean pins(long segment) {
        return perSegment.get(segment) > 0;
    }

    void append(long segment, int offset) {
        if (head + size == places.length) {
            long[] target = size > places.length / 2 ? new long[places.length * 2] : places;
            System.arraycopy(places, head, target, 0, size);
            places = target;
            head = 0;
        }
        places[head + size++] = place(segment, offset);
        perSegment.increment(segment);
    }

    void truncateFrom(long index) {
        while (last() >= index && size > 0) {
            uncount(places[head + --size]);
        }
    }

    void release(long index) {
        while (released < index && size > 0) {
            uncount(places[head++]);
            size--;
            released++;
        }
        released = Math.max(released, index);
        if (size == 0) {
            head = 0;
        }
        if (places.length > 1024 && size < places.length / 8) {
            places = Arrays.copyOfRange(places, head, head + places.length / 4);
            head = 0;
        }
    }

    void move(long index, long segment, int offset) {
        int at = head + (int) (index - released - 1);
        uncount(places[at]);
        places[at] = place(segment, offset);
        perSegment.increment(segment);
    }

    /** The first live entry at or above an index that sits in a segment; -1 for none. */
    long firstIn(long segment, long fromIndex) {
        for (long index = Math.max(fromIndex, released + 1); index <= last(); index++) {
            if (segmentOf(places[head + (int) (index - released - 1)]) == segment) {
                return index;
            }
        }
        return -1;
    }

    int offsetOf(long index) {
        return (int) places[head + (int) (index - released - 1)];
    }

    private void uncount(long place) {
        perSegment.decrement(segmentOf(place));
    }

    private static long place(long segment, int offset) {
        return segment << 32 | offset;
    }

    private static long segmentOf(long place) {
        return place >>> 32;
    }
}
