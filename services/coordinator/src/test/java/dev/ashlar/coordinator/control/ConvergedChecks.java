package dev.ashlar.coordinator.control;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;

import static dev.ashlar.coordinator.control.SimulatedCluster.check;

/**
 * What must hold when nothing bad has happened for long enough: the map is what the groups have, every shard has its full strength
 * as far as there are stores for it, and the load is even. Looks at one moment, on the thread of its history.
 */
final class ConvergedChecks {
    private final ClusterState state;
    private final Map<String, SimulatedStore> stores;
    private final Map<Integer, SimulatedShard> groups;
    private final boolean oneZone;

    /** @param oneZone whether the stores are all in one, so that nothing but their number limits how even the load can be */
    ConvergedChecks(
            ClusterState state,
            Map<String, SimulatedStore> stores,
            Map<Integer, SimulatedShard> groups,
            boolean oneZone) {
        this.state = state;
        this.stores = stores;
        this.groups = groups;
        this.oneZone = oneZone;
    }

    void run() {
        boolean placed = !state.shards().isEmpty();
        state.shards().values().forEach(this::checkShard);
        for (SimulatedStore store : stores.values()) {
            store.copies.forEach((shard, copy) -> check(
                    !store.running || groups.get(shard).isMember(copy.replica),
                    store.name + " keeps replica " + copy.replica + " of shard " + shard));
        }
        if (placed && oneZone) {
            checkSpread(
                    "replicas",
                    replicasByStore(false),
                    replicasWanted() <= state.settings().replicationFactor());
        }
        if (placed && serving().size() == replicasWanted()) {
            checkSpread("preferred leaders", replicasByStore(true), true);
        }
    }

    private void checkShard(ShardRecord shard) {
        String what = "shard " + shard.shard() + " " + shard.replicas() + ": ";
        SimulatedShard group = groups.get(shard.shard());
        Set<ReplicaInfo> map = new HashSet<>();
        shard.replicas().forEach(replica -> map.add(replica.info()));
        check(map.equals(Set.copyOf(group.members)), what + "the map is not " + group.members);
        boolean spare = serving().size() >= shard.voters().size();
        if (!spare) {
            return; // there is no place for what is missing
        }
        check(group.leader != 0, what + "no leader");
        check(shard.voters().size() >= replicasWanted(), what + "below full strength");
        check(shard.learners().isEmpty(), what + "a learner is left over");
        for (ReplicaRecord replica : shard.replicas()) {
            SimulatedStore store = stores.get(replica.store().name());
            check(store.id().equals(replica.store()) && store.running, what + replica.store() + " is not there");
            check(
                    state.store(replica.store()).orElseThrow().intent() != Intent.DECOMMISSION,
                    what + replica.store() + " is to be decommissioned");
        }
        StoreId preferred = shard.replica(shard.preferredLeader()).orElseThrow().store();
        check(shard.replica(group.leader).orElseThrow().store().equals(preferred), what + "led by " + group.leader);
    }

    private List<StoreId> serving() {
        return state.presentStores().stream()
                .filter(store -> store.presence() == Presence.UP && store.intent() == Intent.SERVE)
                .map(store -> store.id())
                .toList();
    }

    private int replicasWanted() {
        return Math.min(state.replicasWanted(), serving().size());
    }

    private Map<StoreId, Integer> replicasByStore(boolean preferredOnly) {
        Map<StoreId, Integer> load = new HashMap<>();
        serving().forEach(id -> load.put(id, 0));
        for (ShardRecord shard : state.shards().values()) {
            shard.replicas().stream()
                    .filter(replica -> !preferredOnly || replica.replica() == shard.preferredLeader())
                    .forEach(replica -> load.computeIfPresent(replica.store(), (id, count) -> count + 1));
        }
        return load;
    }

    private static void checkSpread(String what, Map<StoreId, Integer> load, boolean applies) {
        int most = load.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        int least = load.values().stream().mapToInt(Integer::intValue).min().orElse(0);
        check(!applies || most - least <= 1, what + " are spread evenly: " + load);
    }
}
