package dev.ashlar.coordinator.control;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import dev.ashlar.common.StoreId;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;

import static dev.ashlar.coordinator.control.SimulatedCluster.check;

/**
 * What must hold of the replicated state whatever has happened: remembers the numbers that were given, and fails when one is given
 * twice. For one history, on its thread.
 */
final class SafetyChecks {
    private final Map<String, Long> incarnations = new HashMap<>();
    private final Map<Long, StoreId> replicaNumbers = new HashMap<>();
    private final Set<Long> operatorIds = new HashSet<>();

    /** A store of this name has got an incarnation. */
    void registered(String name, long incarnation) {
        Long last = incarnations.put(name, incarnation);
        check(last == null || incarnation > last, "incarnations of a name grow: " + last + ", " + incarnation);
    }

    /** A command has made one state of another. */
    void changed(ClusterState before, ClusterState state) {
        Set<Integer> busy = new HashSet<>();
        state.operators().values().forEach(operator -> {
            check(busy.add(operator.shard()), "one operator per shard");
            check(
                    before.operators().containsKey(operator.id()) || operatorIds.add(operator.id()),
                    "operator ids are used once");
        });
        for (ShardRecord shard : state.shards().values()) {
            if (shard == before.shards().get(shard.shard())) {
                continue;
            }
            Set<StoreId> distinct = new HashSet<>();
            for (ReplicaRecord replica : shard.replicas()) {
                check(distinct.add(replica.store()), "replicas of a shard are on distinct stores");
                StoreId first =
                        replicaNumbers.putIfAbsent(shard.shard() * 100_000L + replica.replica(), replica.store());
                check(first == null || first.equals(replica.store()), "replica numbers are used once");
                check(replica.replica() < shard.nextReplica(), "the next replica number is free");
            }
        }
        check(state.meta().nextEvent() >= before.meta().nextEvent(), "event ids grow");
    }
}
