package dev.ashlar.store.boot;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jakarta.inject.Singleton;

/**
 * Sends clients elsewhere before the API closes (S6).
 *
 * <ol>
 *   <li>From the beginning of a stop every answer says {@code Connection: close}: a client that keeps connections open makes
 *       its next request to another store, instead of writing into a connection that is being closed.
 *   <li>Once the leaderships have moved, requests are still answered until none has come for {@value #QUIET_MS} ms, at most
 *       for a given time: balancers learn of a stop a moment later than the store.
 * </ol>
 *
 * <p>Any thread.
 */
@Singleton
public class Farewell {
    private static final long QUIET_MS = 300;
    private static final long LOOK_MS = 20;

    private volatile boolean leaving;
    private volatile long lastRequestNanos;

    /** Whether answers are to close their connections. Notes the request for which it is asked. */
    public boolean asked() {
        if (!leaving) {
            return false;
        }
        lastRequestNanos = System.nanoTime();
        return true;
    }

    void begin() {
        lastRequestNanos = System.nanoTime();
        leaving = true;
    }

    /** Blocks until requests have ceased, at most {@code timeoutMs}. */
    void await(long timeoutMs) {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (System.nanoTime() - endNanos < 0
                && System.nanoTime() - lastRequestNanos < TimeUnit.MILLISECONDS.toNanos(QUIET_MS)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MS));
        }
    }
}
