package dev.ashlar.coordinator.view;

import java.util.List;
import java.util.Optional;

import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.cluster.StoreInfo;
import dev.ashlar.coordinator.membership.LeaderSeen;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.StoreSeen;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/** Shards and stores with what has been observed of them. */
public final class ClusterViews {
    private ClusterViews() {}

    /** The shard map; leaders that nobody has reported lately are 0. */
    public static List<ShardInfo> shards(ClusterState state, Observed observed, long nowMs) {
        return state.shards().values().stream()
                .map(shard -> shard(shard, observed.leader(shard.shard(), nowMs)))
                .toList();
    }

    private static ShardInfo shard(ShardRecord shard, Optional<LeaderSeen> leader) {
        return new ShardInfo(
                shard.shard(),
                shard.epoch(),
                shard.replicas().stream().map(ReplicaRecord::info).toList(),
                shard.preferredLeader(),
                leader.map(LeaderSeen::replica).orElse(0L),
                leader.map(LeaderSeen::term).orElse(0),
                leader.map(LeaderSeen::revision).orElse(0L));
    }

    /** Every store but lost ones that hold nothing; one that was not heard by this leader has {@code lastSeenMsAgo} -1. */
    public static List<StoreInfo> stores(ClusterState state, Observed observed, long nowMs) {
        return state.stores().values().stream()
                .filter(store -> store.presence() != Presence.LOST || state.hostsReplicas(store.id()))
                .map(store -> store(state, store, observed, nowMs))
                .toList();
    }

    private static StoreInfo store(ClusterState state, StoreRecord store, Observed observed, long nowMs) {
        Optional<StoreSeen> seen = observed.store(store.id()).filter(s -> s.incarnation() == store.incarnation());
        int leaders = 0;
        int replicas = 0;
        for (ShardRecord shard : state.shards().values()) {
            Optional<ReplicaRecord> here = shard.on(store.id());
            replicas += here.isPresent() ? 1 : 0;
            boolean leads = here.isPresent()
                    && observed.leader(shard.shard(), nowMs)
                            .filter(leader -> leader.replica() == here.get().replica())
                            .isPresent();
            leaders += leads ? 1 : 0;
        }
        boolean aboutToStop = store.word().equals("up")
                && seen.filter(s -> s.state().equals("draining")).isPresent();
        return new StoreInfo(
                store.id().name(),
                store.id().diskId(),
                store.zone(),
                aboutToStop ? "draining" : store.word(),
                store.incarnation(),
                store.httpAddress(),
                store.peerAddress(),
                store.version(),
                seen.map(s -> nowMs - s.lastMs()).orElse(-1L),
                leaders,
                replicas,
                seen.map(StoreSeen::dataBytes).orElse(0L),
                seen.map(StoreSeen::alarms).orElse(List.of()));
    }
}
