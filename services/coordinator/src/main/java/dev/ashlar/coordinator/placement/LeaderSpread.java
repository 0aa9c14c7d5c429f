package dev.ashlar.coordinator.placement;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import dev.ashlar.common.StoreId;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * Which replica of each shard should lead, so that leaders are spread evenly over the stores.
 *
 * <ol>
 *   <li>A preference stays as long as its store is up and is to serve, and its replica is not damaged. A restart that is
 *       shorter than the down timeout changes nothing.
 *   <li>A shard whose preferred store is gone prefers the voter on the steady store that is preferred least.
 *   <li>While some store is preferred by two shards more than another steady one, and a chain of shards leads from the one
 *       to the other, the preferences along the chain move by one. Each chain lowers the sum of squares, so this ends; and
 *       a difference of one starts nothing, so it does not go back and forth.
 * </ol>
 */
public final class LeaderSpread {
    private final Map<Integer, StoreId> preferred = new TreeMap<>();
    private final Map<StoreId, Integer> load = new HashMap<>();
    private final List<StoreId> steady;
    private final ClusterState state;
    private final Observed observed;

    private LeaderSpread(ClusterState state, Observed observed, long nowMs) {
        this.state = state;
        this.observed = observed;
        List<StoreRecord> serving = state.presentStores().stream()
                .filter(store -> store.presence() == Presence.UP && store.intent() == Intent.SERVE)
                .toList();
        serving.forEach(store -> load.put(store.id(), 0));
        this.steady = serving.stream()
                .map(StoreRecord::id)
                .filter(id ->
                        observed.store(id).filter(seen -> seen.steadyAt(nowMs)).isPresent())
                .toList();
    }

    public static List<ClusterCommand> decide(ClusterState state, Observed observed, long nowMs, long atMs) {
        LeaderSpread spread = new LeaderSpread(state, observed, nowMs);
        if (spread.steady.isEmpty()) {
            return List.of();
        }
        spread.keep();
        spread.fill();
        spread.balance();
        return spread.changes(atMs);
    }

    private void keep() {
        for (ShardRecord shard : state.shards().values()) {
            shard.replica(shard.preferredLeader())
                    .filter(replica -> !observed.isDamaged(shard.shard(), replica.replica()))
                    .map(ReplicaRecord::store)
                    .filter(load::containsKey)
                    .ifPresent(store -> prefer(shard.shard(), store));
        }
    }

    private void fill() {
        for (ShardRecord shard : state.shards().values()) {
            if (!preferred.containsKey(shard.shard())) {
                voters(shard).stream()
                        .min(Comparator.<StoreId>comparingInt(load::get).thenComparing(StoreId::toString))
                        .ifPresent(store -> prefer(shard.shard(), store));
            }
        }
    }

    private void balance() {
        List<StoreId> byLoad = new ArrayList<>(load.keySet());
        boolean moved = true;
        while (moved) {
            byLoad.sort(Comparator.<StoreId>comparingInt(load::get).reversed().thenComparing(StoreId::toString));
            moved = byLoad.stream().anyMatch(this::moveOneFrom);
        }
    }

    /** Finds the shortest chain of shards from a store to one with at least two less, and moves along it. */
    private boolean moveOneFrom(StoreId from) {
        Map<StoreId, Integer> reachedBy = new HashMap<>();
        Map<StoreId, StoreId> reachedFrom = new HashMap<>();
        Deque<StoreId> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            StoreId at = next.removeFirst();
            if (load.get(at) <= load.get(from) - 2) {
                moveAlong(at, from, reachedBy, reachedFrom);
                return true;
            }
            for (Map.Entry<Integer, StoreId> entry : preferred.entrySet()) {
                if (!entry.getValue().equals(at)) {
                    continue;
                }
                for (StoreId to : voters(state.shards().get(entry.getKey()))) {
                    if (!to.equals(from) && reachedBy.putIfAbsent(to, entry.getKey()) == null) {
                        reachedFrom.put(to, at);
                        next.addLast(to);
                    }
                }
            }
        }
        return false;
    }

    private void moveAlong(
            StoreId end, StoreId start, Map<StoreId, Integer> reachedBy, Map<StoreId, StoreId> reachedFrom) {
        for (StoreId at = end; !at.equals(start); at = reachedFrom.get(at)) {
            prefer(reachedBy.get(at), at);
        }
    }

    private void prefer(int shard, StoreId store) {
        StoreId before = preferred.put(shard, store);
        if (before != null) {
            load.merge(before, -1, Integer::sum);
        }
        load.merge(store, 1, Integer::sum);
    }

    private List<StoreId> voters(ShardRecord shard) {
        return shard.replicas().stream()
                .filter(replica -> replica.kind() == ReplicaRecord.Kind.VOTER
                        && !observed.isDamaged(shard.shard(), replica.replica()))
                .map(ReplicaRecord::store)
                .filter(steady::contains)
                .toList();
    }

    private List<ClusterCommand> changes(long atMs) {
        List<ClusterCommand> commands = new ArrayList<>();
        preferred.forEach((number, store) -> {
            ShardRecord shard = state.shards().get(number);
            Optional<ReplicaRecord> before = shard.replica(shard.preferredLeader());
            long replica = shard.on(store).orElseThrow().replica();
            if (replica != shard.preferredLeader()) {
                boolean gone = before.map(ReplicaRecord::store)
                        .filter(load::containsKey)
                        .isEmpty();
                boolean damaged = observed.isDamaged(number, shard.preferredLeader());
                String reason = damaged
                        ? "the preferred replica is damaged"
                        : gone
                                ? before.map(r -> r.store().name() + " is not serving")
                                        .orElse("none was preferred")
                                : "spreads leaders evenly";
                commands.add(new ClusterCommand.SetPreferredLeader(number, shard.epoch(), replica, reason, atMs));
            }
        });
        return commands;
    }
}
