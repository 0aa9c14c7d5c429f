package dev.ashlar.access.load;

/**
 * How many requests may be under way at once, found by watching how long they take.
 *
 * <ol>
 *   <li>Requests are looked at in windows. When those of a window took longer than the target on average, the limit goes
 *       down by a tenth.
 *   <li>When they did not, and the limit was reached, it goes up by a twentieth, at least by one.
 *   <li>It never leaves its bounds. Requests of other processes may go to twice the limit: they have been let in once
 *       already, and a refusal there would have cost work at two places.
 * </ol>
 *
 * <p>Pure: time is an argument. Thread-safe.
 */
public final class ConcurrencyLimit {
    private static final int WINDOW_REQUESTS_MIN = 50;
    private static final long WINDOW_NANOS = 250_000_000;
    private static final double DOWN = 0.9;
    private static final double UP = 0.05;

    private final int min;
    private final int max;
    private final long targetNanos;
    private int limit;
    private int inFlight;
    private int peak;
    private long windowStartNanos;
    private long windowSumNanos;
    private int windowRequests;
    private boolean windowOpen;

    /**
     * Begins at {@code max}.
     *
     * @param min at least 1
     * @param targetNanos how long requests may take on average
     */
    public ConcurrencyLimit(int min, int max, long targetNanos) {
        this.min = Math.min(min, max);
        this.max = max;
        this.targetNanos = targetNanos;
        this.limit = max;
    }

    /** Whether one more may begin; then {@link #ended} is to be called exactly once. */
    public synchronized boolean tryBegin(boolean ofPeer) {
        if (inFlight >= (ofPeer ? 2 * limit : limit)) {
            peak = inFlight;
            return false;
        }
        inFlight++;
        peak = Math.max(peak, inFlight);
        return true;
    }

    /** One has ended. */
    public synchronized void ended(long tookNanos, long nowNanos) {
        inFlight--;
        if (!windowOpen) {
            windowOpen = true;
            windowStartNanos = nowNanos;
        }
        windowSumNanos += tookNanos;
        windowRequests++;
        if (windowRequests >= WINDOW_REQUESTS_MIN && nowNanos - windowStartNanos >= WINDOW_NANOS) {
            adapt();
        }
    }

    private void adapt() {
        if (windowSumNanos / windowRequests > targetNanos) {
            limit = Math.max(min, (int) (limit * DOWN));
        } else if (peak >= limit) {
            limit = Math.min(max, limit + Math.max(1, (int) (limit * UP)));
        }
        windowOpen = false;
        windowSumNanos = 0;
        windowRequests = 0;
        peak = inFlight;
    }

    /** Requests that may be under way at this moment. */
    public synchronized int limit() {
        return limit;
    }

    /** Requests that are under way. */
    public synchronized int inFlight() {
        return inFlight;
    }
}
