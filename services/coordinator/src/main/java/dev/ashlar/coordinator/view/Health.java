package dev.ashlar.coordinator.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.ashlar.coordinator.membership.LeaderSeen;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.StoreSeen;
import dev.ashlar.coordinator.membership.Timing;
import dev.ashlar.coordinator.placement.ReplicaCreation;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * Whether all is well, in words.
 *
 * <ol>
 *   <li>{@code unavailable}: some keys can be neither read nor written: no shards yet, or a shard without a leader.
 *   <li>{@code degraded}: all keys are served, but a store, replica or coordinator is missing, behind, or has an alarm. So
 *       is a leader that has not heard the stores yet.
 *   <li>{@code ok}: nothing of it.
 * </ol>
 *
 * @param word ok, degraded or unavailable
 */
public record Health(String word, List<String> problems) {
    private static final long LAG_ENTRIES_MAX = 10_000;

    /** What the leader says. */
    public static Health of(ClusterState state, Observed observed, List<String> silentCoordinators, long nowMs) {
        if (!state.initialized()) {
            return new Health("unavailable", List.of("the cluster is being formed"));
        }
        if (state.shards().isEmpty()) {
            return new Health("unavailable", List.of(waitingForStores(state)));
        }
        List<String> leaderless = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        boolean gathering = nowMs - observed.leadingSinceMs() < Timing.FRESH_MS;
        for (ShardRecord shard : state.shards().values()) {
            Optional<LeaderSeen> leader = observed.leader(shard.shard(), nowMs);
            if (leader.isEmpty()) {
                leaderless.add("shard " + shard.shard() + " has no leader");
            }
            int voters = shard.voters().size();
            if (voters < state.replicasWanted()) {
                problems.add(
                        "shard " + shard.shard() + " has " + voters + " of " + state.replicasWanted() + " replicas");
            }
            for (ReplicaRecord replica : shard.replicas()) {
                replica(state, observed, shard, replica, leader, nowMs).ifPresent(problems::add);
                damage(observed, shard, replica).ifPresent(problems::add);
            }
        }
        state.stores().values().forEach(store -> store(state, observed, store, problems));
        problems.addAll(StuckDecommission.of(state, observed, nowMs));
        silentCoordinators.forEach(name -> problems.add(name + " (coordinator) does not answer"));
        if (gathering) {
            return new Health("degraded", List.of("a new coordinator leads and is still hearing the stores"));
        }
        List<String> all = new ArrayList<>(leaderless);
        all.addAll(problems);
        return new Health(!leaderless.isEmpty() ? "unavailable" : problems.isEmpty() ? "ok" : "degraded", all);
    }

    private static Optional<String> damage(Observed observed, ShardRecord shard, ReplicaRecord replica) {
        return Optional.ofNullable(
                        observed.damaged().getOrDefault(shard.shard(), Map.of()).get(replica.replica()))
                .map(why -> "shard " + shard.shard() + ": the replica on "
                        + replica.store().name() + " is damaged: " + why);
    }

    private static String waitingForStores(ClusterState state) {
        int expected = state.settings().expectStores();
        List<String> names = state.presentStores().stream()
                .map(store -> store.id().name())
                .sorted()
                .toList();
        return "waiting for " + expected + " stores, " + names.size() + " registered"
                + (names.isEmpty() ? "" : ": " + String.join(", ", names));
    }

    private static void store(ClusterState state, Observed observed, StoreRecord store, List<String> problems) {
        switch (store.presence()) {
            case DOWN -> problems.add(store.id().name() + " is down");
            case LOST -> {
                if (state.hostsReplicas(store.id())) {
                    problems.add(
                            store.id().name() + " lost its disk " + store.id().diskId());
                }
            }
            case UP ->
                observed.store(store.id()).map(StoreSeen::alarms).orElse(List.of()).stream()
                        .map(alarm -> store.id().name() + ": " + alarm)
                        .forEach(problems::add);
        }
    }

    private static Optional<String> replica(
            ClusterState state,
            Observed observed,
            ShardRecord shard,
            ReplicaRecord replica,
            Optional<LeaderSeen> leader,
            long nowMs) {
        boolean heard = state.store(replica.store())
                        .filter(store -> store.presence() == Presence.UP)
                        .isPresent()
                && observed.store(replica.store()).filter(s -> s.freshAt(nowMs)).isPresent();
        String where =
                "shard " + shard.shard() + ": the replica on " + replica.store().name();
        if (!replica.created()) {
            return Optional.of(where + " does not exist yet");
        }
        if (!heard) {
            return Optional.empty(); // its store is the problem
        }
        if (!ReplicaCreation.isReported(observed, shard.shard(), replica)) {
            return Optional.of(where + " does not run");
        }
        long applied = observed.store(replica.store())
                .map(seen -> seen.replicas().get(shard.shard()).appliedIndex())
                .orElse(0L);
        long lag = leader.map(LeaderSeen::commitIndex).orElse(0L) - applied;
        return lag > LAG_ENTRIES_MAX ? Optional.of(where + " is " + lag + " entries behind") : Optional.empty();
    }
}
