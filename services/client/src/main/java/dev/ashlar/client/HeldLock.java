package dev.ashlar.client;

import java.time.Duration;

import dev.ashlar.client.error.AshlarException;

/**
 * A lock that was acquired. It is held until it is released or its time runs out, whichever comes first; who needs it longer
 * renews it, at a third of its time, say. A pause of this process can always outlast it: give it to the writes that it
 * protects ({@link WriteOptions#holding(HeldLock)}), and they are refused when it has been lost. Threads may share it.
 */
public final class HeldLock implements AutoCloseable {
    private final Locks locks;
    private final Fence fence;
    private final String owner;
    private final Duration ttl;
    private volatile long askedNanos;

    HeldLock(Locks locks, Fence fence, String owner, Duration ttl, long askedNanos) {
        this.locks = locks;
        this.fence = fence;
        this.owner = owner;
        this.ttl = ttl;
        this.askedNanos = askedNanos;
    }

    public String name() {
        return fence.lock();
    }

    /** Who holds it: one for each acquisition unless the caller named one. */
    public String owner() {
        return owner;
    }

    /** Larger for every later holder. */
    public long fencingToken() {
        return fence.token();
    }

    /** The proof that it is held, for writes of this or another process. */
    public Fence fence() {
        return fence;
    }

    /** How long it is certainly held yet, by the clock of this process; zero or less when it may have been lost. */
    public Duration left() {
        return ttl.minusNanos(System.nanoTime() - askedNanos);
    }

    /** Begins its time anew. False when it was lost meanwhile, also when nobody else has it now: another may have had it. */
    public boolean renew() {
        long nowNanos = System.nanoTime();
        boolean held = locks.renew(this, ttl);
        if (held) {
            askedNanos = nowNanos;
        }
        return held;
    }

    /** Lets it go. False when it was not held any more. */
    public boolean release() {
        return locks.release(this);
    }

    /** Releases it; when nobody can be asked, its time ends it, and what was done while it was held is done. */
    @Override
    public void close() {
        try {
            release();
        } catch (AshlarException leftToItsTime) {
            // Nothing that the holder could do about it.
        }
    }
}
