package dev.ashlar.coordinator.placement;

import java.util.ArrayList;
import java.util.List;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.Order;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.coordinator.membership.LeaderSeen;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;

/**
 * What a store shall do, told with each heartbeat until the store's reports show that it is done.
 *
 * <ol>
 *   <li>{@code create_replica}: the map gives the store a replica that was never reported. The members are the ones the
 *       shard's group is formed with.
 *   <li>{@code transfer_leader}: a transfer runs, and this store leads the shard.
 * </ol>
 *
 * <p>Ids come from the replicated state, so that a new coordinator leader gives the same order under the same id.
 */
public final class OrderBook {
    private OrderBook() {}

    public static List<Order> ordersFor(StoreId store, ClusterState state, Observed observed, long nowMs) {
        List<Order> orders = new ArrayList<>();
        for (ShardRecord shard : state.shards().values()) {
            shard.on(store)
                    .filter(replica -> !replica.created()
                            && !ReplicaCreation.isReported(observed, shard.shard(), replica)
                            && shard.initial().contains(replica))
                    .ifPresent(replica -> orders.add(new Order(
                            replica.createOrder(), "create_replica", shard.shard(), replica.info(), members(shard))));
        }
        for (OperatorRecord operator : state.operators().values()) {
            ShardRecord shard = state.shards().get(operator.shard());
            if (shard == null || !operator.kind().equals(OperatorRecord.TRANSFER_LEADER)) {
                continue;
            }
            boolean leads = observed.leader(operator.shard(), nowMs)
                    .map(LeaderSeen::replica)
                    .filter(leader -> leader != operator.replica())
                    .flatMap(shard::replica)
                    .filter(leader -> leader.store().equals(store))
                    .isPresent();
            if (leads) {
                shard.replica(operator.replica())
                        .ifPresent(target -> orders.add(
                                new Order(operator.id(), operator.kind(), operator.shard(), target.info(), List.of())));
            }
        }
        return orders;
    }

    private static List<ReplicaInfo> members(ShardRecord shard) {
        return shard.initial().stream().map(ReplicaRecord::info).toList();
    }
}
