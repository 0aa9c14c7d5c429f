package dev.ashlar.coordinator.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What became different in a shard's membership, as lines for the journal. */
record Changed(String kind, String reason) {
    static List<Changed> between(ShardRecord before, ShardRecord after) {
        List<Changed> changes = new ArrayList<>();
        for (ReplicaRecord now : after.replicas()) {
            Optional<ReplicaRecord> was = before.replica(now.replica());
            String name = "replica " + now.replica() + " on " + now.store().name();
            if (was.isEmpty()) {
                changes.add(new Changed("replica_found", name + " is a member that the map did not name"));
            } else if (was.get().kind() != now.kind()) {
                boolean votes = now.kind() == ReplicaRecord.Kind.VOTER;
                changes.add(new Changed(
                        votes ? "replica_promoted" : "replica_demoted",
                        name + (votes ? " votes" : " votes no longer")));
            }
        }
        for (ReplicaRecord was : before.replicas()) {
            if (after.replica(was.replica()).isEmpty()) {
                changes.add(new Changed(
                        "replica_removed",
                        "replica " + was.replica() + " on " + was.store().name() + " is no member any more"));
            }
        }
        return changes;
    }
}
