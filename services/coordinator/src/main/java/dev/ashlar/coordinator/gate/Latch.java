package dev.ashlar.coordinator.gate;

import java.util.List;
import java.util.Optional;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.LatchAdvice;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.StoreSeen;
import dev.ashlar.coordinator.membership.Timing;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * What a store is told for its readiness latch: after a start it is not ready before every shard it hosts is at full
 * strength, so that the StatefulSet controller waits with the next pod (S7).
 *
 * <ol>
 *   <li>What is missing is told by the rule of the gate ({@link Strength}), the store's own replicas counted. A
 *       store whose disk was lost hosts nothing yet: what its lost disk hosted counts, and so does every shard that is short of
 *       voters, since one that was taken out may be on its way to this store.
 *   <li>The latch must make no outage of its own. It is told to open when fewer than half of the stores are ready: a cold
 *       start opens it for all together.
 *   <li>It is told to open when all that is missing are stores that have been down for {@link Timing#LASTING_LOSS_MS}: a
 *       wait for them would not end.
 * </ol>
 */
public final class Latch {
    private Latch() {}

    public static LatchAdvice advise(ClusterState state, Observed observed, StoreId store, long nowMs) {
        List<ShardRecord> hosted = state.shards().values().stream()
                .filter(shard -> hosts(shard, store) || isShortOfVoters(state, shard))
                .toList();
        List<String> missing = Strength.missing(state, observed, hosted, Optional.empty(), nowMs);
        return new LatchAdvice(missing, missing.isEmpty() ? "" : open(state, observed, hosted, store, nowMs));
    }

    /** Whether the store, or a disk that it has lost, has a replica of the shard. */
    private static boolean hosts(ShardRecord shard, StoreId store) {
        return shard.replicas().stream()
                .anyMatch(replica -> replica.store().name().equals(store.name()));
    }

    private static boolean isShortOfVoters(ClusterState state, ShardRecord shard) {
        return shard.replicas().stream()
                        .filter(replica -> replica.kind() == ReplicaRecord.Kind.VOTER)
                        .count()
                < state.replicasWanted();
    }

    private static String open(
            ClusterState state, Observed observed, List<ShardRecord> hosted, StoreId self, long nowMs) {
        List<StoreRecord> stores = state.presentStores().stream()
                .filter(store -> store.presence() == Presence.UP || state.hostsReplicas(store.id()))
                .toList();
        long ready = stores.stream()
                .filter(store -> Strength.heard(observed, store, nowMs)
                        .filter(Latch::isReady)
                        .isPresent())
                .count();
        if (ready * 2 < stores.size()) {
            return "fewer than half of the stores are ready: " + ready + " of " + stores.size();
        }
        List<String> gone = hosted.stream()
                .flatMap(shard -> shard.replicas().stream())
                .map(ReplicaRecord::store)
                .distinct()
                .filter(other -> isGone(state, observed, other, nowMs))
                .map(StoreId::name)
                .sorted()
                .toList();
        boolean explains = !gone.isEmpty()
                && hosted.stream().allMatch(shard -> isWholeWithout(state, observed, shard, gone, nowMs));
        return explains ? "a lasting loss: " + String.join(", ", gone) + " went down long ago" : "";
    }

    private static boolean isReady(StoreSeen seen) {
        return seen.state().equals("up") && !seen.readiness().equals("starting");
    }

    private static boolean isGone(ClusterState state, Observed observed, StoreId id, long nowMs) {
        long heardMs = observed.store(id).map(StoreSeen::lastMs).orElse(observed.leadingSinceMs());
        return state.store(id)
                        .filter(store -> store.presence() == Presence.DOWN)
                        .isPresent()
                && nowMs - heardMs >= Timing.LASTING_LOSS_MS;
    }

    /** Whether a shard lacks nothing but the stores that are gone. */
    private static boolean isWholeWithout(
            ClusterState state, Observed observed, ShardRecord shard, List<String> gone, long nowMs) {
        List<ReplicaRecord> rest = shard.replicas().stream()
                .filter(replica -> !gone.contains(replica.store().name()))
                .toList();
        long voters = rest.stream()
                .filter(replica -> replica.kind() == ReplicaRecord.Kind.VOTER)
                .count();
        return voters * 2 > shard.replicas().size()
                && Strength.missing(state, observed, List.of(shard), Optional.empty(), nowMs).stream()
                        .allMatch(line -> gone.stream().anyMatch(name -> line.endsWith(": " + name + " is down")));
    }
}
