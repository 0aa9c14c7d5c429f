package dev.ashlar.coordinator.placement;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.coordinator.membership.LeaderSeen;
import dev.ashlar.coordinator.membership.MembersSeen;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.StoreSeen;
import dev.ashlar.coordinator.membership.Timing;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * What is known of one shard at one moment, and the rule that keeps its quorum.
 *
 * <p>A member is healthy when its store is up, not about to stop, reports that it follows the present leader closely, and is
 * not known to be damaged.
 * The margin of a set of voters is how many healthy ones it has above its quorum. A change of voters is permitted when the
 * margin afterwards is neither negative, nor smaller than before (but for what a shard at full strength has): so nothing
 * that is ordered takes a shard below its quorum, or nearer to it than faults have already (S7).
 */
final class ShardFacts {
    private final ClusterState state;
    private final ShardRecord shard;
    private final Observed observed;
    private final long nowMs;

    ShardFacts(ClusterState state, ShardRecord shard, Observed observed, long nowMs) {
        this.state = state;
        this.shard = shard;
        this.observed = observed;
        this.nowMs = nowMs;
    }

    ShardRecord shard() {
        return shard;
    }

    Optional<LeaderSeen> leader() {
        return observed.leader(shard.shard(), nowMs);
    }

    /** The member that leads. */
    Optional<ReplicaRecord> leaderReplica() {
        return leader().flatMap(leader -> shard.replica(leader.replica()));
    }

    /** The committed membership, when the map says the same; empty while one of them is behind. */
    Optional<MembersSeen> members() {
        return observed.members(shard.shard()).filter(seen -> seen.index() == shard.membersIndex());
    }

    /**
     * Whether a leader that is not quite new has told lately, and only of members that are committed: no change of members
     * is under way.
     */
    boolean isAtRest() {
        return leader().filter(leader -> nowMs - leader.sinceMs() >= Timing.FRESH_MS)
                .flatMap(leader -> shard.replica(leader.replica()))
                .filter(leader -> observed.store(leader.store())
                        .filter(seen -> seen.freshAt(nowMs))
                        .isPresent())
                .flatMap(leader -> ReplicaCreation.report(observed, shard.shard(), leader))
                .filter(report -> report.role().equals("leader") && report.membersIndex() <= shard.membersIndex())
                .isPresent();
    }

    Optional<StoreRecord> storeOf(ReplicaRecord replica) {
        return state.store(replica.store());
    }

    boolean isLost(ReplicaRecord replica) {
        return storeOf(replica)
                .filter(store -> store.presence() != Presence.LOST)
                .isEmpty();
    }

    boolean isUp(ReplicaRecord replica) {
        return storeOf(replica).filter(store -> store.presence() == Presence.UP).isPresent();
    }

    /** Why a replica's bytes are not to be trusted; empty when nothing is known against them. */
    Optional<String> damage(ReplicaRecord replica) {
        return Optional.ofNullable(
                observed.damaged().getOrDefault(shard.shard(), Map.of()).get(replica.replica()));
    }

    /** Whether the replica counts for a quorum. */
    boolean isHealthy(ReplicaRecord replica) {
        return damage(replica).isEmpty()
                && isClose(replica, Timing.TRANSFER_LAG_ENTRIES_MAX)
                && observed.store(replica.store())
                        .map(StoreSeen::state)
                        .filter("up"::equals)
                        .isPresent();
    }

    /** Whether a learner has so much that it can vote. */
    boolean isCaughtUp(ReplicaRecord learner) {
        return isClose(learner, Timing.PROMOTE_LAG_ENTRIES_MAX)
                && observed.store(learner.store())
                        .filter(seen -> seen.steadyAt(nowMs))
                        .isPresent();
    }

    private boolean isClose(ReplicaRecord replica, long lagEntriesMax) {
        Optional<LeaderSeen> leader = leader();
        boolean fresh = observed.store(replica.store())
                .filter(seen -> seen.freshAt(nowMs))
                .isPresent();
        if (leader.isEmpty() || !fresh || !isUp(replica)) {
            return false;
        }
        Optional<ReplicaReport> report = ReplicaCreation.report(observed, shard.shard(), replica);
        if (leader.get().replica() == replica.replica()) {
            return report.filter(r -> r.role().equals("leader")).isPresent();
        }
        return report.filter(r -> r.term() == leader.get().term()
                        && r.leaderReplica() == leader.get().replica()
                        && leader.get().commitIndex() > 0
                        && leader.get().commitIndex() - r.appliedIndex() <= lagEntriesMax)
                .isPresent();
    }

    /** Whether the voters may become these. */
    boolean keepsQuorum(List<ReplicaRecord> votersAfter) {
        int full = state.replicasWanted() - quorum(state.replicasWanted());
        int after = margin(votersAfter);
        return after >= 0 && after >= Math.min(full, margin(shard.voters()));
    }

    private int margin(List<ReplicaRecord> voters) {
        return (int) voters.stream().filter(this::isHealthy).count() - quorum(voters.size());
    }

    private static int quorum(int voters) {
        return voters / 2 + 1;
    }
}
