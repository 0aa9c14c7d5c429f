package dev.ashlar.raft.transport;

/**
 * The time that silence of a peer is measured in: it stands still while this process itself does (a long collection, a
 * stopped process, a starved machine). What peers sent meanwhile has not been read yet, so nobody may be called silent for
 * it.
 */
final class SweepClock {
    private final long intervalNanos;
    private long lastNanos;

    /** @param intervalNanos how often it is asked; more than this never passes between two questions */
    SweepClock(long intervalNanos, long nowNanos) {
        this.intervalNanos = intervalNanos;
        this.lastNanos = nowNanos;
    }

    /** What has passed since the last question, from 0 to the interval. */
    long elapsedNanos(long nowNanos) {
        long elapsed = Math.clamp(nowNanos - lastNanos, 0, intervalNanos);
        lastNanos = nowNanos;
        return elapsed;
    }
}
