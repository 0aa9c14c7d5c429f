package dev.ashlar.coordinator.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.StoreSeen;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;

/**
 * Notes which replicas exist. A replica is ordered until its store reports it, and never again after that: a voter that
 * began anew with an empty log could vote twice in a term (S5).
 */
public final class ReplicaCreation {
    private ReplicaCreation() {}

    /** One command for all replicas that were reported for the first time. */
    public static Optional<ClusterCommand> decide(ClusterState state, Observed observed, long atMs) {
        List<ClusterCommand.ReplicaRef> reported = new ArrayList<>();
        for (ShardRecord shard : state.shards().values()) {
            for (ReplicaRecord replica : shard.replicas()) {
                if (!replica.created() && isReported(observed, shard.shard(), replica)) {
                    reported.add(new ClusterCommand.ReplicaRef(shard.shard(), replica.replica()));
                }
            }
        }
        return reported.isEmpty() ? Optional.empty() : Optional.of(new ClusterCommand.ConfirmReplicas(reported, atMs));
    }

    /** Whether the store's last heartbeat tells of the replica. */
    public static boolean isReported(Observed observed, int shard, ReplicaRecord replica) {
        return report(observed, shard, replica).isPresent();
    }

    static Optional<ReplicaReport> report(Observed observed, int shard, ReplicaRecord replica) {
        return observed.store(replica.store())
                .map(StoreSeen::replicas)
                .map(reports -> reports.get(shard))
                .filter(report -> report.replica() == replica.replica());
    }
}
