package dev.ashlar.store.replica;

import java.util.function.LongSupplier;

/**
 * The time of a shard while it is led here: what a leader stamps commands with.
 *
 * <ol>
 *   <li>In a term it begins at the shard's time as this replica knows it, and goes on by the monotonic clock alone.
 *   <li>So it never runs faster than time does, whatever the wall clocks of old and new leaders say, and stands still
 *       while there is no leader. A key or a lock may live longer than its ttl; it never goes early.
 *   <li>Only the first time of a new shard comes from a wall clock.
 * </ol>
 *
 * <p>Any thread.
 */
public final class LeaderClock {
    private record Base(int term, long shardMs, long nanos) {}

    private final LongSupplier shardTimeMs;
    private final LongSupplier wallMs;
    private final LongSupplier nanos;
    private volatile Base base = new Base(-1, 0, 0);

    /** @param shardTimeMs the shard's time by what is applied here, 0 when it is new */
    public LeaderClock(LongSupplier shardTimeMs) {
        this(shardTimeMs, System::currentTimeMillis, System::nanoTime);
    }

    /** With other clocks than those of the machine. */
    public LeaderClock(LongSupplier shardTimeMs, LongSupplier wallMs, LongSupplier nanos) {
        this.shardTimeMs = shardTimeMs;
        this.wallMs = wallMs;
        this.nanos = nanos;
    }

    /** Milliseconds since 1970, more or less; {@code term} is that of this replica now. */
    public long nowMs(int term) {
        Base known = base;
        if (known.term != term) {
            known = begin(term);
        }
        return known.shardMs + (nanos.getAsLong() - known.nanos) / 1_000_000;
    }

    private synchronized Base begin(int term) {
        if (base.term != term) {
            long shardMs = shardTimeMs.getAsLong();
            base = new Base(term, shardMs == 0 ? wallMs.getAsLong() : shardMs, nanos.getAsLong());
        }
        return base;
    }
}
