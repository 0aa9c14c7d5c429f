package dev.ashlar.raft.engine;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import io.microraft.RaftEndpoint;

/**
 * The leader's lease: until when no other leader can exist, so that local reads are linearizable (S2).
 *
 * <ol>
 *   <li>Every append request carries the leader's clock when it was sent; the answer echoes it.
 *   <li>A follower that accepted a request sent at time t refuses its vote until t + promise on its own clock, which it
 *       starts later than t.
 *   <li>The lease ends at the send time that a majority of the voters (the leader itself counts as now) has echoed, plus
 *       0.8 of the promise: clocks may differ in rate by a quarter.
 *   <li>It holds only after an entry of the leader's own term has been applied, and not from the moment a transfer of
 *       leadership is tried: a transfer lets voters vote in spite of the promise. When it fails, the message that triggers
 *       the election may still arrive late, so the lease stays barred until its target would ignore it.
 * </ol>
 *
 * <p>{@link #valid} is called from any thread, everything else on the engine thread. See Ongaro's dissertation, §6.4.1, for
 * the idea; the echoed send time takes the network delay out of it.
 */
final class Lease {
    private final Timing timing;
    private final Map<RaftEndpoint, Long> acknowledged = new HashMap<>();
    private int term;
    private State state = State.CLOSED;
    private volatile long untilNanos = Long.MIN_VALUE;

    Lease(Timing timing) {
        this.timing = timing;
    }

    boolean valid(long nowNanos) {
        return nowNanos < untilNanos;
    }

    int term() {
        return term;
    }

    /** This replica leads a new term. The lease starts to count when {@link #open} is called. */
    void newTerm(int leaderTerm) {
        end();
        term = leaderTerm;
    }

    /** An entry of the leader's term was applied: the local state holds every acknowledged write. */
    void open() {
        if (state == State.CLOSED) {
            state = State.OPEN;
        }
    }

    /** A transfer of leadership is about to be tried: no lease until {@link #unbar} or the next term. */
    void bar() {
        end();
        state = State.BARRED;
    }

    /** A transfer failed and can do no harm any more. */
    void unbar() {
        if (state == State.BARRED) {
            state = State.OPEN;
        }
    }

    /** This replica leads no longer, or not yet. */
    void end() {
        untilNanos = Long.MIN_VALUE;
        state = State.CLOSED;
        acknowledged.clear();
    }

    /** A voter answered a request of this term that was sent at {@code sentNanos}. */
    void acknowledged(RaftEndpoint from, int inTerm, long sentNanos) {
        if (inTerm == term && sentNanos != 0) {
            acknowledged.merge(from, sentNanos, Math::max);
        }
    }

    /** Counts the answers anew. */
    void extend(Collection<RaftEndpoint> otherVoters, boolean localVotes, long nowNanos) {
        if (state != State.OPEN) {
            return;
        }
        long[] times = new long[otherVoters.size() + (localVotes ? 1 : 0)];
        int known = 0;
        for (RaftEndpoint voter : otherVoters) {
            Long sentNanos = acknowledged.get(voter);
            if (sentNanos != null) {
                times[known++] = sentNanos;
            }
        }
        if (localVotes) {
            times[known++] = nowNanos;
        }
        int majority = times.length / 2 + 1;
        if (known >= majority) {
            Arrays.sort(times, 0, known);
            untilNanos = times[known - majority] + timing.leaseNanos();
        }
    }

    private enum State {
        CLOSED,
        OPEN,
        BARRED
    }
}
