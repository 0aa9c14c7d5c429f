package dev.ashlar.raft.log;

import java.util.Arrays;

/** Counts by segment number. There are few segments, mostly the newest is asked for, and counting must not allocate. */
final class SegmentCounts {
    private long[] segments = new long[8];
    private int[] counts = new int[8];
    private int size;

    int get(long segment) {
        int at = find(segment);
        return at < 0 ? 0 : counts[at];
    }

    void increment(long segment) {
        int at = find(segment);
        if (at < 0) {
            if (size == segments.length) {
                segments = Arrays.copyOf(segments, size * 2);
                counts = Arrays.copyOf(counts, size * 2);
            }
            at = size++;
            segments[at] = segment;
            counts[at] = 0;
        }
        counts[at]++;
    }

    void decrement(long segment) {
        int at = find(segment);
        if (--counts[at] == 0) {
            size--;
            System.arraycopy(segments, at + 1, segments, at, size - at);
            System.arraycopy(counts, at + 1, counts, at, size - at);
        }
    }

    private int find(long segment) {
        for (int i = size - 1; i >= 0; i--) {
            if (segments[i] == segment) {
                return i;
            }
        }
        return -1;
    }
}
