package dev.ashlar.raft.engine;

/**
 * How old the state of a replica may be that holds no lease.
 *
 * <p>A leader's request says what was committed when it was sent, and echoes the time on this replica's own clock that the leader had
 * heard of by then. Once all of that is applied, the state holds everything that was acknowledged before that time.
 *
 * <p>Times are on the engine's clock, in nanoseconds. {@link #ageMs} is called from any thread, everything else on the engine thread.
 */
final class Freshness {
    private static final long NEVER = Long.MIN_VALUE;

    private long echoNanos = NEVER;
    private long commitIndex;
    private volatile long freshNanos = NEVER;

    /** The leader has sent its commit index and echoed a time of ours. */
    void heard(long echo, long leaderCommitIndex) {
        echoNanos = echo;
        commitIndex = leaderCommitIndex;
    }

    /** Readers see the state at an index. */
    void visible(long appliedIndex) {
        if (echoNanos != NEVER && appliedIndex >= commitIndex) {
            freshNanos = Math.max(freshNanos, echoNanos);
            echoNanos = NEVER;
        }
    }

    /** The age in milliseconds; {@link Long#MAX_VALUE} when no leader was heard since the start. */
    long ageMs(long nowNanos) {
        long fresh = freshNanos;
        return fresh == NEVER ? Long.MAX_VALUE : Math.max(0, (nowNanos - fresh) / 1_000_000);
    }
}
