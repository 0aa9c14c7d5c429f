package dev.ashlar.coordinator.placement;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.ashlar.common.StoreId;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * Where a new replica of a shard goes.
 *
 * <ol>
 *   <li>Candidates are up, are to serve, have been heard steadily, have no full disk, and hold no replica of the shard.
 *   <li>First the zone with the fewest of the replicas that stay (S1: a zone may fail), then the store whose lost disk is
 *       replaced, then the store that holds, or is about to hold, the fewest replicas, then the smallest name.
 * </ol>
 */
final class StoreChoice {
    private static final String DISK_FULL = "disk_full";

    private final ClusterState state;
    private final List<StoreRecord> candidates;
    private final Map<StoreId, Integer> load = new HashMap<>();

    StoreChoice(ClusterState state, Observed observed, long nowMs) {
        this.state = state;
        this.candidates = state.presentStores().stream()
                .filter(store -> store.presence() == Presence.UP && store.intent() == Intent.SERVE)
                .filter(store -> observed.store(store.id())
                        .filter(seen -> seen.steadyAt(nowMs) && !seen.alarms().contains(DISK_FULL))
                        .isPresent())
                .toList();
        candidates.forEach(store -> load.put(store.id(), 0));
        for (ShardRecord shard : state.shards().values()) {
            long leaving =
                    state.operatorOf(shard.shard()).map(OperatorRecord::removes).orElse(0L);
            shard.replicas().stream()
                    .filter(replica -> replica.replica() != leaving)
                    .forEach(replica -> load.computeIfPresent(replica.store(), (id, count) -> count + 1));
        }
    }

    List<StoreRecord> candidates() {
        return candidates;
    }

    int load(StoreId store) {
        return load.getOrDefault(store, 0);
    }

    /** The store for a replica that takes the place of {@code leaving}, or adds to the shard when that is empty. */
    Optional<StoreId> choose(ShardRecord shard, Optional<ReplicaRecord> leaving) {
        Map<String, Integer> zones = zones(shard, leaving);
        String lostName = leaving.filter(replica -> isLost(replica.store()))
                .map(replica -> replica.store().name())
                .orElse("");
        return candidates.stream()
                .filter(store -> isFree(shard, store.id()))
                .min(Comparator.<StoreRecord>comparingInt(store -> zones.getOrDefault(store.zone(), 0))
                        .thenComparingInt(store -> store.id().name().equals(lostName) ? 0 : 1)
                        .thenComparingInt(store -> load(store.id()))
                        .thenComparing(store -> store.id().toString()))
                .map(StoreRecord::id);
    }

    /** A chosen store is about to hold one more. */
    void chosen(StoreId store) {
        load.merge(store, 1, Integer::sum);
    }

    /** Replicas of the shard in each zone, without the one that leaves and without lost disks. */
    Map<String, Integer> zones(ShardRecord shard, Optional<ReplicaRecord> leaving) {
        Map<String, Integer> zones = new HashMap<>();
        shard.replicas().stream()
                .filter(replica -> !leaving.equals(Optional.of(replica)) && !isLost(replica.store()))
                .forEach(replica ->
                        zones.merge(state.store(replica.store()).orElseThrow().zone(), 1, Integer::sum));
        return zones;
    }

    /** Whether no store of that name holds a replica of the shard; a lost disk of the name does not count. */
    boolean isFree(ShardRecord shard, StoreId store) {
        return shard.replicas().stream()
                .noneMatch(replica -> replica.store().equals(store)
                        || (replica.store().name().equals(store.name()) && !isLost(replica.store())));
    }

    private boolean isLost(StoreId store) {
        return state.store(store)
                .filter(record -> record.presence() != Presence.LOST)
                .isEmpty();
    }
}
