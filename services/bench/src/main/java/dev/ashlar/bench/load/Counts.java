package dev.ashlar.bench.load;

import java.util.Map;
import java.util.TreeMap;

import org.HdrHistogram.Histogram;

/** What one loop, or all loops together, saw during the counted time. Latencies in nanoseconds, 3 significant digits, up to 2 minutes. */
public final class Counts {
    private static final long HIGHEST_NANOS = 120_000_000_000L;
    private final Histogram reads = new Histogram(1_000, HIGHEST_NANOS, 3);
    private final Histogram writes = new Histogram(1_000, HIGHEST_NANOS, 3);
    private final TreeMap<Integer, Long> errors = new TreeMap<>();

    void ok(boolean read, long nanos) {
        (read ? reads : writes).recordValue(Math.clamp(nanos, 0, HIGHEST_NANOS));
    }

    void error(int outcome) {
        errors.merge(outcome, 1L, Long::sum);
    }

    /** Adds what another one counted. */
    public void add(Counts other) {
        reads.add(other.reads);
        writes.add(other.writes);
        other.errors.forEach((outcome, n) -> errors.merge(outcome, n, Long::sum));
    }

    /** Latencies of successful reads. */
    public Histogram reads() {
        return reads;
    }

    /** Latencies of successful writes. */
    public Histogram writes() {
        return writes;
    }

    /** Latencies of all successful operations. */
    public Histogram all() {
        Histogram all = reads.copy();
        all.add(writes);
        return all;
    }

    /** Failed operations by {@link Outcome}. */
    public Map<Integer, Long> errors() {
        return errors;
    }
}
