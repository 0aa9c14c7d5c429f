package dev.ashlar.bench.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for a condition, with a deadline. */
public final class Waiting {
    private static final long POLL_MS = 20;

    private Waiting() {}

    /**
     * Returns when {@code condition} holds.
     *
     * @return nanoseconds waited
     * @throws IllegalStateException when it does not hold in time; {@code what} says what was waited for
     */
    public static long until(String what, Duration limit, BooleanSupplier condition) throws InterruptedException {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new IllegalStateException("waited " + limit.toSeconds() + " s in vain for " + what);
            }
            Thread.sleep(POLL_MS);
        }
        return System.nanoTime() - start;
    }
}
