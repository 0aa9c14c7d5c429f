package dev.ashlar.raft.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.microraft.impl.state.RaftState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.wire.Endpoint;

/**
 * The status of a replica as others see it. A change of its role, term, leader or members shows at the end of the turn that
 * brought it; counters are only as new as {@link #PERIOD_NANOS} asks for.
 *
 * <p>{@link #current} is called from any thread, everything else on the engine thread.
 */
final class StatusBoard {
    private static final Logger LOG = LoggerFactory.getLogger(StatusBoard.class);

    /** How old the counters may get. */
    private static final long PERIOD_NANOS = 50_000_000;

    private static final long NEVER = Long.MIN_VALUE;

    private final Runnable leadershipLost;
    private long publishedNanos = NEVER;
    private volatile GroupStatus status;

    /** @param leadershipLost runs before a status shows that this replica does not lead any more */
    StatusBoard(int group, Member local, long appliedIndex, Runnable leadershipLost) {
        this.leadershipLost = leadershipLost;
        this.status = new GroupStatus(
                group,
                local,
                GroupStatus.Role.FOLLOWER,
                0,
                Optional.empty(),
                0,
                appliedIndex,
                0,
                0,
                List.of(),
                List.of(),
                Map.of());
    }

    GroupStatus current() {
        return status;
    }

    /**
     * Brings the status up to date when something has changed that must show, or its counters are old.
     *
     * @param now whether counters must show at once, too
     */
    void publish(GroupStatus.Role role, RaftState raft, long appliedIndex, long nowNanos, boolean now) {
        boolean changed = role != status.role()
                || raft.term() != status.term()
                || raft.effectiveGroupMembers().getLogIndex() != status.membersIndex()
                || !StatusParts.leader(raft).equals(status.leader());
        if (role != GroupStatus.Role.LEADER && status.role() == GroupStatus.Role.LEADER) {
            leadershipLost.run();
        }
        if (changed && raft.leader() != null && raft.term() != status.term()) {
            LOG.info("group {}: {} leads in term {}", status.groupId(), Endpoint.memberOf(raft.leader()), raft.term());
        }
        if (!changed && !now && nowNanos - publishedNanos < PERIOD_NANOS && publishedNanos != NEVER) {
            return;
        }
        publishedNanos = nowNanos;
        if (changed || now || !StatusParts.isCurrent(status, raft, appliedIndex)) {
            status = StatusParts.next(status, role, raft, appliedIndex);
        }
    }
}
