package dev.ashlar.raft.transport;

/** How long to wait before the next dial: doubles from {@code minMs} to {@code maxMs}, of which a random half is left out. */
final class Backoff {
    private final long minMs;
    private final long maxMs;
    private long ceilingMs;

    Backoff(long minMs, long maxMs) {
        this.minMs = minMs;
        this.maxMs = maxMs;
        this.ceilingMs = minMs;
    }

    /** @param random in {@code [0, 1)}; spreads the dials of many processes to one that has just come back */
    long nextMs(double random) {
        long wait = Math.max(1, Math.round(ceilingMs * (0.5 + random / 2)));
        ceilingMs = Math.min(maxMs, ceilingMs * 2);
        return wait;
    }

    void reset() {
        ceilingMs = minMs;
    }
}
