package dev.ashlar.coordinator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.coordinator.membership.Observations;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.StoreSeen;
import dev.ashlar.coordinator.state.Applied;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.Settings;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.Transition;

/** Small clusters to decide about. */
public final class Fixtures {
    /** A time long after every series of heartbeats in these fixtures began. */
    public static final long NOW = 1_000_000;

    private Fixtures() {}

    public static StoreId id(String name) {
        return id(name, 1);
    }

    public static StoreId id(String name, int disk) {
        return new StoreId(name, String.format("%016x", disk));
    }

    public static ClusterCommand.RegisterStore register(StoreId id, String zone) {
        return new ClusterCommand.RegisterStore(
                id, zone, id.name() + ":8080", id.name() + ":8090", "0.1.0", 1, 1_700_000_000_000L);
    }

    public static ClusterState initialized(int shards, int replicationFactor, int expectStores) {
        return after(
                ClusterState.EMPTY,
                new ClusterCommand.Initialize(
                        "11111111-2222-3333-4444-555555555555",
                        1,
                        new Settings(shards, replicationFactor, expectStores),
                        1));
    }

    /** A cluster with these stores, each {@code name} or {@code name/zone}. */
    public static ClusterState withStores(int shards, int replicationFactor, String... stores) {
        ClusterState state = initialized(shards, replicationFactor, stores.length);
        for (String store : stores) {
            int slash = store.indexOf('/');
            String name = slash < 0 ? store : store.substring(0, slash);
            state = after(state, register(id(name), slash < 0 ? "" : store.substring(slash + 1)));
        }
        return state;
    }

    /** Adds a map whose shard i is on the stores of the i-th line, the preferred leader first; all replicas exist. */
    public static ClusterState placed(ClusterState state, String... shards) {
        List<ClusterCommand.Placement> placements = new ArrayList<>();
        for (int i = 0; i < shards.length; i++) {
            placements.add(new ClusterCommand.Placement(
                    i, List.of(shards[i].split(" ")).stream().map(Fixtures::id).toList()));
        }
        ClusterState after = after(state, new ClusterCommand.PlaceShards(placements, 2));
        List<ClusterCommand.ReplicaRef> all = new ArrayList<>();
        after.shards().values().forEach(shard -> shard.replicas()
                .forEach(replica -> all.add(new ClusterCommand.ReplicaRef(shard.shard(), replica.replica()))));
        return after(after, new ClusterCommand.ConfirmReplicas(all, 3));
    }

    /** Applies commands that must not be refused. */
    public static ClusterState after(ClusterState state, ClusterCommand... commands) {
        ClusterState at = state;
        for (ClusterCommand command : commands) {
            Applied applied = Transition.apply(at, command);
            if (applied.outcome() instanceof Applied.Outcome.Refused refused) {
                throw new AssertionError(command + " was refused: " + refused.reason());
            }
            at = applied.state();
        }
        return at;
    }

    /** Every store of the state is heard, steadily; each shard is led by the named store, in term 5. */
    public static Observed steady(ClusterState state, String... leaders) {
        return steadyBut(state, "", leaders);
    }

    /** As {@link #steady}, but one store has been silent. */
    public static Observed steadyBut(ClusterState state, String silent, String... leaders) {
        Observations observations = new Observations(0);
        for (long at = NOW - 20_000; at <= NOW; at += 1_000) {
            for (var store : state.presentStores()) {
                if (!store.id().name().equals(silent)) {
                    observations.heard(state, store.id(), beat(state, store.id(), leaders), at);
                }
            }
        }
        observations.running(state, NOW);
        return observations.snapshot();
    }

    public static HeartbeatRequest beat(ClusterState state, StoreId store, String... leaders) {
        List<ReplicaReport> reports = new ArrayList<>();
        for (int shard = 0; shard < leaders.length; shard++) {
            ShardRecord record = state.shards().get(shard);
            long leader = leaders[shard].isEmpty()
                    ? 0
                    : record.on(id(leaders[shard])).orElseThrow().replica();
            record.on(store).ifPresent(replica -> reports.add(report(record, replica, leader, 5, 100)));
        }
        return new HeartbeatRequest(
                store.name(),
                store.diskId(),
                state.store(store).orElseThrow().incarnation(),
                "up",
                reports,
                List.of(),
                List.of(),
                0,
                0);
    }

    public static ReplicaReport report(
            ShardRecord shard, ReplicaRecord replica, long leader, int term, long appliedIndex) {
        boolean votes = replica.kind() == ReplicaRecord.Kind.VOTER;
        String role = leader == replica.replica() ? "leader" : votes ? "follower" : "learner";
        return new ReplicaReport(
                shard.shard(),
                replica.replica(),
                role,
                term,
                leader,
                appliedIndex,
                appliedIndex,
                0,
                7,
                shard.membersIndex(),
                shard.replicas().stream().map(ReplicaRecord::info).toList());
    }

    /** A store that has been heard without a gap, reporting nothing. */
    public static StoreSeen heard(long incarnation, long sinceMs, long lastMs, String state) {
        return new StoreSeen(incarnation, lastMs, sinceMs, state, Map.of(), List.of(), 0, 0);
    }
}
