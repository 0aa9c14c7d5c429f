package dev.ashlar.coordinator.gate;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

import dev.ashlar.common.Limits;
import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.coordinator.membership.LeaderSeen;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.StoreSeen;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * What keeps shards from full strength.
 *
 * <ol>
 *   <li>A shard is at full strength when it has a leader, as many voters as {@link ClusterState#replicasWanted} says, which
 *       repair goes by as well, and each replica
 *       is a voter that runs on a store which is heard, follows that leader, and lacks at most
 *       {@link Limits#GATE_LAG_ENTRIES_MAX} entries.
 *   <li>One store may be left out: the one that is to be restarted, whose replicas will be gone in any case.
 *   <li>What was reported before this coordinator led, or longer ago than a few heartbeats, counts as missing: who does not
 *       know does not say yes (S7).
 * </ol>
 */
public final class Strength {
    private final ClusterState state;
    private final Observed observed;
    private final long nowMs;
    private final Lacks lacks = new Lacks();

    private Strength(ClusterState state, Observed observed, long nowMs) {
        this.state = state;
        this.observed = observed;
        this.nowMs = nowMs;
    }

    /** One line for each thing that is missing, nothing when the shards are at full strength but for the store left out. */
    static List<String> missing(
            ClusterState state,
            Observed observed,
            Collection<ShardRecord> shards,
            Optional<StoreId> leftOut,
            long nowMs) {
        Strength strength = new Strength(state, observed, nowMs);
        shards.forEach(shard -> strength.look(shard, leftOut));
        return strength.lacks.lines();
    }

    private void look(ShardRecord shard, Optional<StoreId> leftOut) {
        int wanted = state.replicasWanted();
        long voters = shard.replicas().stream()
                .filter(replica -> replica.kind() == ReplicaRecord.Kind.VOTER)
                .count();
        if (voters < wanted) {
            lacks.add(shard.shard(), voters + " of " + wanted + " voters");
        }
        Optional<LeaderSeen> leader = observed.leader(shard.shard(), nowMs);
        if (leader.isEmpty()) {
            lacks.add(shard.shard(), "no leader");
        }
        for (ReplicaRecord replica : shard.replicas()) {
            if (leftOut.filter(replica.store()::equals).isEmpty()) {
                String why = why(shard, replica, leader);
                if (!why.isEmpty()) {
                    lacks.add(shard.shard(), why);
                }
            }
        }
    }

    /** Why a replica does not count, empty when it does. */
    private String why(ShardRecord shard, ReplicaRecord replica, Optional<LeaderSeen> leader) {
        String name = replica.store().name();
        Optional<StoreRecord> store = state.store(replica.store());
        if (store.filter(s -> s.presence() == Presence.LOST).isPresent()) {
            return name + " lost its disk " + replica.store().diskId();
        }
        Optional<StoreSeen> seen = store.flatMap(s -> heard(observed, s, nowMs));
        if (seen.isEmpty()) {
            return name + " is down";
        }
        if (replica.kind() != ReplicaRecord.Kind.VOTER) {
            return "the replica on " + name + " does not vote yet";
        }
        ReplicaReport report = seen.get().replicas().get(shard.shard());
        if (report == null || report.replica() != replica.replica()) {
            return "the replica on " + name + " does not run";
        }
        if (leader.isEmpty()) {
            return "";
        }
        if (report.leaderReplica() != leader.get().replica()
                && report.replica() != leader.get().replica()) {
            return "the replica on " + name + " does not follow the leader";
        }
        long lag = leader.get().commitIndex() - report.appliedIndex();
        return lag > Limits.GATE_LAG_ENTRIES_MAX ? "the replica on " + name + " is " + lag + " entries behind" : "";
    }

    /** The last heartbeat of a store's present process, when it is no older than a few heartbeats. */
    static Optional<StoreSeen> heard(Observed observed, StoreRecord store, long nowMs) {
        return observed.store(store.id())
                .filter(seen -> seen.incarnation() == store.incarnation() && seen.freshAt(nowMs));
    }
}
