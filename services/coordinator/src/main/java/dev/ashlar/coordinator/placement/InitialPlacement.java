package dev.ashlar.coordinator.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.ashlar.common.StoreId;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * The first map.
 *
 * <ol>
 *   <li>Once {@code expectStores} stores have registered and are heard from, each shard gets {@code min(replicationFactor,
 *       expectStores)} replicas on distinct stores.
 *   <li>A replica goes to the zone with the fewest replicas of the shard (S1: a zone may fail), there to the store with
 *       the fewest replicas, there to the one with the smallest name.
 *   <li>The first leader of a shard is its store with the fewest first leaderships.
 * </ol>
 */
public final class InitialPlacement {
    private InitialPlacement() {}

    /** The placement, when it is time for it. */
    public static Optional<ClusterCommand> decide(ClusterState state, Observed observed, long nowMs, long atMs) {
        if (!state.initialized() || !state.shards().isEmpty()) {
            return Optional.empty();
        }
        List<StoreRecord> stores = state.presentStores().stream()
                .filter(store -> store.presence() == Presence.UP && store.intent() == Intent.SERVE)
                .filter(store ->
                        observed.store(store.id()).filter(s -> s.freshAt(nowMs)).isPresent())
                .toList();
        if (stores.size() < state.settings().expectStores()) {
            return Optional.empty();
        }
        return Optional.of(new ClusterCommand.PlaceShards(
                place(stores, state.settings().shards(), state.settings().replicasPerShard()), atMs));
    }

    static List<ClusterCommand.Placement> place(List<StoreRecord> stores, int shards, int replicasPerShard) {
        Map<StoreId, Integer> replicas = new HashMap<>();
        Map<StoreId, Integer> leaders = new HashMap<>();
        List<ClusterCommand.Placement> placements = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            List<StoreId> chosen = choose(stores, replicasPerShard, replicas);
            StoreId leader = chosen.stream()
                    .min(Comparator.<StoreId>comparingInt(id -> leaders.getOrDefault(id, 0))
                            .thenComparing(StoreId::toString))
                    .orElseThrow();
            leaders.merge(leader, 1, Integer::sum);
            chosen.remove(leader);
            chosen.addFirst(leader);
            placements.add(new ClusterCommand.Placement(shard, List.copyOf(chosen)));
        }
        return placements;
    }

    private static List<StoreId> choose(List<StoreRecord> stores, int count, Map<StoreId, Integer> replicas) {
        List<StoreRecord> rest = new ArrayList<>(stores);
        Map<String, Integer> perZone = new HashMap<>();
        List<StoreId> chosen = new ArrayList<>();
        while (chosen.size() < count && !rest.isEmpty()) {
            StoreRecord best = rest.stream()
                    .min(Comparator.<StoreRecord>comparingInt(store -> perZone.getOrDefault(store.zone(), 0))
                            .thenComparingInt(store -> replicas.getOrDefault(store.id(), 0))
                            .thenComparing(store -> store.id().toString()))
                    .orElseThrow();
            rest.remove(best);
            chosen.add(best.id());
            perZone.merge(best.zone(), 1, Integer::sum);
            replicas.merge(best.id(), 1, Integer::sum);
        }
        return chosen;
    }
}
