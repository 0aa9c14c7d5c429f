package dev.ashlar.coordinator.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.Order;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.coordinator.membership.MembersSeen;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.StoreSeen;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;

/**
 * What a store shall do, told with each heartbeat until the store's reports show that it is done.
 *
 * <ol>
 *   <li>{@code create_replica}: the map gives the store a replica that was never reported and is not being removed. The
 *       members are the ones the shard's group is formed with: a replica that joins later learns the present ones from the
 *       log.
 *   <li>{@code transfer_leader}: a transfer runs and its target can take over at this moment, or the leader is to be removed;
 *       for the store that leads the shard.
 *   <li>{@code add_learner}, {@code promote}, {@code remove}: a change of members stands at this step; for the store that
 *       leads. The members are the committed ones that the order was made from, and the store does nothing when they have
 *       changed. A voter comes or goes only when {@link ShardFacts#keepsQuorum} says so at this moment.
 *   <li>{@code destroy_replica}: the store reports a replica that the shard's group has removed for good.
 * </ol>
 *
 * <p>Ids come from the replicated state, so that a new coordinator leader gives the same order under the same id; those of
 * {@code destroy_replica} are made of shard and replica, and negative.
 */
public final class OrderBook {
    private static final int REPLICA_BITS = 40;

    private OrderBook() {}

    public static List<Order> ordersFor(StoreId store, ClusterState state, Observed observed, long nowMs) {
        List<Order> orders = new ArrayList<>();
        for (ClusterCommand.ReplicaRef orphan :
                observed.store(store).map(StoreSeen::orphans).orElse(List.of())) {
            orders.add(destroy(store, orphan));
        }
        for (ShardRecord shard : state.shards().values()) {
            shard.on(store)
                    .filter(replica ->
                            !replica.created() && !ReplicaCreation.isReported(observed, shard.shard(), replica))
                    .filter(replica -> state.operatorOf(shard.shard())
                            .filter(operator -> operator.removes() == replica.replica())
                            .isEmpty())
                    .filter(replica ->
                            shard.initial().contains(replica) || replica.kind() == ReplicaRecord.Kind.LEARNER)
                    .ifPresent(replica -> orders.add(new Order(
                            replica.createOrder(), "create_replica", shard.shard(), replica.info(), members(shard))));
        }
        for (OperatorRecord operator : state.operators().values()) {
            ShardRecord shard = state.shards().get(operator.shard());
            if (shard == null) {
                continue;
            }
            ShardFacts facts = new ShardFacts(state, shard, observed, nowMs);
            if (facts.leaderReplica()
                    .filter(leader -> leader.store().equals(store))
                    .isPresent()) {
                (operator.changesMembers() ? change(operator, facts) : transfer(operator, facts, observed, nowMs))
                        .ifPresent(orders::add);
            }
        }
        return orders;
    }

    private static Order destroy(StoreId store, ClusterCommand.ReplicaRef orphan) {
        long id = -(((long) orphan.shard() << REPLICA_BITS) + orphan.replica());
        ReplicaInfo target = new ReplicaInfo(store.toString(), orphan.replica(), "learner");
        return new Order(id, "destroy_replica", orphan.shard(), target, List.of());
    }

    private static Optional<Order> transfer(OperatorRecord operator, ShardFacts facts, Observed observed, long nowMs) {
        ShardRecord shard = facts.shard();
        return shard.replica(operator.replica())
                .filter(target -> facts.leader()
                        .filter(leader -> leader.replica() != target.replica())
                        .filter(leader -> LeaderMoves.mayTakeOver(shard.shard(), target, leader, observed, nowMs))
                        .isPresent())
                .map(target -> new Order(operator.id(), operator.kind(), operator.shard(), target.info(), List.of()));
    }

    private static Optional<Order> change(OperatorRecord operator, ShardFacts facts) {
        ShardRecord shard = facts.shard();
        Optional<MembersSeen> members = facts.members();
        if (members.isEmpty()) {
            return Optional.empty();
        }
        Optional<ReplicaRecord> added = shard.replica(operator.replica());
        Optional<ReplicaRecord> removed = shard.replica(operator.removes());
        return switch (operator.step()) {
            case ChangeStep.ADDING ->
                added.filter(ReplicaRecord::created)
                        .map(learner -> order(operator, "add_learner", learner, members.get()));
            case ChangeStep.PROMOTING ->
                added.filter(learner -> learner.created() && facts.isCaughtUp(learner))
                        .filter(learner -> facts.keepsQuorum(with(shard, learner)))
                        .map(learner -> order(operator, "promote", learner, members.get()));
            case ChangeStep.REMOVING -> removed.flatMap(member -> remove(operator, facts, member, members.get()));
            default -> Optional.empty();
        };
    }

    private static Optional<Order> remove(
            OperatorRecord operator, ShardFacts facts, ReplicaRecord member, MembersSeen members) {
        ShardRecord shard = facts.shard();
        if (!members.names(member.replica())) {
            return Optional.empty();
        }
        if (member.kind() == ReplicaRecord.Kind.LEARNER) {
            return Optional.of(order(operator, "remove", member, members));
        }
        if (!facts.keepsQuorum(without(shard, member))) {
            return Optional.empty();
        }
        if (!facts.leaderReplica().equals(Optional.of(member))) {
            return Optional.of(order(operator, "remove", member, members));
        }
        return without(shard, member).stream()
                .filter(facts::isHealthy)
                .min(Comparator.comparingLong(voter -> voter.replica() == operator.replica() ? 0 : voter.replica()))
                .map(successor -> new Order(
                        operator.order(), OperatorRecord.TRANSFER_LEADER, shard.shard(), successor.info(), List.of()));
    }

    private static Order order(OperatorRecord operator, String type, ReplicaRecord target, MembersSeen members) {
        return new Order(operator.order(), type, operator.shard(), target.info(), members.members());
    }

    private static List<ReplicaRecord> with(ShardRecord shard, ReplicaRecord learner) {
        List<ReplicaRecord> voters = new ArrayList<>(shard.voters());
        voters.add(learner);
        return voters;
    }

    private static List<ReplicaRecord> without(ShardRecord shard, ReplicaRecord member) {
        return shard.voters().stream().filter(voter -> !voter.equals(member)).toList();
    }

    private static List<ReplicaInfo> members(ShardRecord shard) {
        return shard.initial().stream().map(ReplicaRecord::info).toList();
    }
}
