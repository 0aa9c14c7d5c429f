package dev.ashlar.rollout;

/**
 * How long to go on looking: a time from the beginning, and anew from each step that was taken, so that many pods may take as
 * long as they need as long as each of them comes up in time. Time is an argument; not thread-safe.
 */
final class Patience {
    private final long waitNanos;
    private long endNanos;
    private int best;

    Patience(long waitNanos, long nowNanos) {
        this.waitNanos = waitNanos;
        this.endNanos = nowNanos + waitNanos;
    }

    /** @param progress grows with each step; one that is no higher than the highest before gives no more time */
    boolean isOver(int progress, long nowNanos) {
        if (progress > best) {
            best = progress;
            endNanos = nowNanos + waitNanos;
        }
        return nowNanos - endNanos >= 0;
    }
}
