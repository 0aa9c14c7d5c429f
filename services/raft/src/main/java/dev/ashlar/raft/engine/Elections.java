package dev.ashlar.raft.engine;

import io.microraft.RaftRole;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.state.RaftState;

/**
 * What a replica that does not lead makes of its leader's silence and of votes, where MicroRaft 0.7 would leave a group without a
 * leader or depose one needlessly. {@link GroupPort} asks when a timer is due.
 *
 * <p>Times are on the engine's clock, in nanoseconds. Engine thread only. The methods that act must not be called once the replica
 * has stopped.
 */
final class Elections {
    private static final long NEVER = Long.MIN_VALUE;

    private final RaftNodeImpl node;
    private final Timing timing;
    private long leaderHeardNanos = NEVER;

    Elections(RaftNodeImpl node, Timing timing) {
        this.node = node;
        this.timing = timing;
    }

    /** A leader of this term, or of a newer one, has sent a request. */
    void leaderHeard(long nowNanos) {
        leaderHeardNanos = nowNanos;
    }

    /** Whether this replica has a leader, of the group's members, and asks for no votes. */
    boolean followsLeader() {
        RaftState raft = node.state();
        return raft.leaderState() == null
                && raft.leader() != null
                && raft.preCandidateState() == null
                && raft.committedGroupMembers().isKnownMember(raft.leader());
    }

    /** How long the leader may still be silent before this replica takes it for dead; 0 without a leader. */
    long untilLeaderSilentNanos(long nowNanos) {
        return followsLeader() && leaderHeardNanos != NEVER
                ? Math.max(0, leaderHeardNanos + timing.promiseNanos() - nowNanos)
                : 0;
    }

    /** Whether this replica knows no leader, but has voted for one that may still tell it so until {@code untilNanos}. */
    boolean awaitsElected(long untilNanos, long nowNanos) {
        RaftState raft = node.state();
        return raft.role() == RaftRole.FOLLOWER && raft.leader() == null && nowNanos - untilNanos < 0;
    }

    /** An election has timed out. The vote for ourselves in this term stands, whatever becomes of the next. */
    void asksAgain() {
        RaftState raft = node.state();
        if (raft.role() == RaftRole.CANDIDATE) {
            node.toFollower(raft.term());
            node.runPreVote();
        }
    }

    /**
     * The way round a fault of MicroRaft 0.7 that leaves a group without a leader although a majority is there.
     *
     * <p>The fault: a follower that is asking for pre-votes (every voter does when it starts) and hears from a leader of its
     * own term keeps its pre-candidate state, while the task that would ask again ends. From then on {@code HeartbeatTask}
     * takes it for a pre-candidate and never starts an election when that leader dies. A message of a higher term frees it,
     * so it shows only when the other voters cannot win or are stuck in the same way: survivors that have restarted before.
     */
    void freeStuckPreVote() {
        RaftState raft = node.state();
        if (raft.role() == RaftRole.FOLLOWER
                && raft.leader() != null
                && raft.preCandidateState() != null
                && node.isLeaderHeartbeatTimeoutElapsed()) {
            node.leader(null);
            node.runPreVote();
        }
    }
}
