package dev.ashlar.store.feed;

/** When the next heartbeat is due. One thread. */
final class Heartbeats {
    static final long INTERVAL_NANOS = 10_000_000_000L;

    private long nextNanos = System.nanoTime() + INTERVAL_NANOS;

    boolean due(long nowNanos) {
        if (nextNanos - nowNanos > 0) {
            return false;
        }
        nextNanos = nowNanos + INTERVAL_NANOS;
        return true;
    }
}
