package dev.ashlar.bench.watch;

import java.util.Arrays;

import org.HdrHistogram.Histogram;

/**
 * When each watcher had each event. Every write has a number; those of the counted time must reach every watcher once. One
 * thread; histograms in nanoseconds, up to a minute.
 */
public final class Deliveries {
    private static final long HIGHEST_NANOS = 60_000_000_000L;

    private final int watchers;
    private final int from;
    private final int[] seen;
    private final Histogram each = new Histogram(1_000, HIGHEST_NANOS, 3);
    private final Histogram last = new Histogram(1_000, HIGHEST_NANOS, 3);
    private int broken;

    /** Writes {@code from} to {@code to - 1} count. */
    public Deliveries(int watchers, int from, int to) {
        this.watchers = watchers;
        this.from = from;
        seen = new int[to - from];
    }

    /** How many watch. */
    public int watchers() {
        return watchers;
    }

    /** One watcher has the event of one write, so long after the write was due. */
    public void delivered(int write, long nanos) {
        int i = write - from;
        if (i < 0 || i >= seen.length) {
            return;
        }
        long bounded = Math.clamp(nanos, 0, HIGHEST_NANOS);
        each.recordValue(bounded);
        if (++seen[i] == watchers) {
            last.recordValue(bounded);
        }
    }

    /** A stream of events ended before the run did. */
    public void broke() {
        broken++;
    }

    /** Streams that ended early. */
    public int broken() {
        return broken;
    }

    /** From when a write was due until a watcher had its event, over all writes and watchers. */
    public Histogram each() {
        return each;
    }

    /** From when a write was due until the last watcher had its event. */
    public Histogram last() {
        return last;
    }

    /** Events that counted. */
    public long count() {
        return each.getTotalCount();
    }

    /** Events of the counted time that a watcher did not get, or got twice. */
    public long wrong() {
        return Arrays.stream(seen).mapToLong(n -> Math.abs(watchers - n)).sum();
    }
}
