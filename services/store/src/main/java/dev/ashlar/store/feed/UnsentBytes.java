package dev.ashlar.store.feed;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What all watches of this store have unsent together, and its bound.
 *
 * <ol>
 *   <li>Half of the room is for whoever comes.
 *   <li>The other half is for clients that are known to read and have taken all they got, so that those who read nothing
 *       cannot keep them waiting.
 * </ol>
 *
 * <p>Any thread, but for {@link #fits} and {@link #wasShort}.
 */
final class UnsentBytes {
    private final long max;
    private final AtomicLong now = new AtomicLong();
    private boolean isShort;

    UnsentBytes(long max) {
        this.max = max;
    }

    long now() {
        return now.get();
    }

    long max() {
        return max;
    }

    void add(long bytes) {
        now.addAndGet(bytes);
    }

    /** Whether a watch may be given so many more; notes it when not. The feed's thread. */
    boolean fits(Subscription watch, long bytes) {
        boolean fits = now.get() + bytes <= (watch.hasTakenAll() ? max : max / 2);
        isShort |= !fits;
        return fits;
    }

    /** Whether something did not fit since this was asked last. The feed's thread. */
    boolean wasShort() {
        boolean was = isShort;
        isShort = false;
        return was;
    }
}
