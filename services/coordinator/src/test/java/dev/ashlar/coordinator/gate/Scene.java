package dev.ashlar.coordinator.gate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.GateAnswer;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.LatchAdvice;
import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.coordinator.membership.Observations;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;

import static dev.ashlar.coordinator.Fixtures.NOW;
import static dev.ashlar.coordinator.Fixtures.after;
import static dev.ashlar.coordinator.Fixtures.id;

/** A cluster that is well, with one thing or another gone wrong. Leaders are the first of each shard. */
final class Scene {
    ClusterState state;
    final Map<String, Long> silentSinceMs = new HashMap<>();
    final Map<String, Long> upSinceMs = new HashMap<>();
    final Map<String, String> word = new HashMap<>();
    final Map<String, String> readiness = new HashMap<>();
    final Map<String, List<String>> alarms = new HashMap<>();
    final Map<String, Long> lagEntries = new HashMap<>();
    final Set<String> notRunning = new HashSet<>();
    final Set<Integer> leaderless = new HashSet<>();
    long leadingSinceMs = 0;
    List<String> coordinatorVoters = List.of("coordinator-0", "coordinator-1", "coordinator-2");
    List<String> coordinatorLearners = List.of();
    List<String> silentCoordinators = List.of();
    Map<String, Long> coordinatorLag = Map.of();
    boolean coordinatorDiskFull;

    Scene(ClusterState state) {
        this.state = state;
    }

    void apply(ClusterCommand... commands) {
        state = after(state, commands);
    }

    GateAnswer askStore(String name) {
        return Gate.ofStore(state, observed(), coordinators(), name, NOW).orElseThrow();
    }

    GateAnswer askCoordinator(String name) {
        return Gate.ofCoordinator(coordinators(), name).orElseThrow();
    }

    LatchAdvice latchOf(String name) {
        return latchOf(id(name));
    }

    LatchAdvice latchOf(StoreId store) {
        return Latch.advise(state, observed(), store, NOW);
    }

    CoordinatorsSeen coordinators() {
        return new CoordinatorsSeen(
                coordinatorVoters, coordinatorLearners, silentCoordinators, coordinatorLag, coordinatorDiskFull);
    }

    Observed observed() {
        Observations observations = new Observations(leadingSinceMs);
        for (long at = NOW - 20_000; at <= NOW; at += 1_000) {
            for (var store : state.presentStores()) {
                String name = store.id().name();
                if (at >= upSinceMs.getOrDefault(name, 0L) && at <= silentSinceMs.getOrDefault(name, NOW)) {
                    observations.heard(state, store.id(), beat(store.id()), at);
                }
            }
        }
        observations.running(state, NOW);
        return observations.snapshot();
    }

    private HeartbeatRequest beat(StoreId store) {
        List<ReplicaReport> reports = new ArrayList<>();
        String name = store.name();
        for (ShardRecord shard : state.shards().values()) {
            shard.on(store)
                    .filter(replica -> !notRunning.contains(name))
                    .ifPresent(replica -> reports.add(report(shard, replica)));
        }
        return new HeartbeatRequest(
                name,
                store.diskId(),
                state.store(store).orElseThrow().incarnation(),
                word.getOrDefault(name, "up"),
                reports,
                List.of(),
                alarms.getOrDefault(name, List.of()),
                0,
                0,
                readiness.getOrDefault(name, "ready"),
                List.of());
    }

    private ReplicaReport report(ShardRecord shard, ReplicaRecord replica) {
        long leader = leaderless.contains(shard.shard())
                ? 0
                : shard.replicas().getFirst().replica();
        long applied = 100_000 - lagEntries.getOrDefault(replica.store().name(), 0L);
        String role = leader == replica.replica() ? "leader" : "follower";
        return new ReplicaReport(
                shard.shard(), replica.replica(), role, 5, leader, 100_000, applied, 0, 7, 0, List.of());
    }
}
