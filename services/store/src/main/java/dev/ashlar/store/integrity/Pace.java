package dev.ashlar.store.integrity;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/** Bounds how fast somebody reads, by waiting after each part. One thread. */
final class Pace implements LongConsumer {
    private final double nanosPerByte;
    private long freeAtNanos = System.nanoTime();

    Pace(long bytesPerSecond) {
        this.nanosPerByte = 1e9 / bytesPerSecond;
    }

    @Override
    public void accept(long bytes) {
        long now = System.nanoTime();
        // Time that was not used is not saved up.
        freeAtNanos = Math.max(freeAtNanos, now) + (long) (bytes * nanosPerByte);
        long wait = freeAtNanos - now;
        while (wait > 0 && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(wait);
            wait = freeAtNanos - System.nanoTime();
        }
    }
}
