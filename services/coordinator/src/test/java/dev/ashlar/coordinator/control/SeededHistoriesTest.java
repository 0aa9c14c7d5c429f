package dev.ashlar.coordinator.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.Order;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.placement.OrderBook;
import dev.ashlar.coordinator.state.Applied;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;
import dev.ashlar.coordinator.state.Transition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Stores register, die, return, lose disks, are slow, come and go for good, shards elect and change members, coordinators fail
 * over, for {@code -Dashlar.histories=N} seeds. A failing seed prints itself; {@code -Dashlar.seed=N} plays it alone.
 */
class SeededHistoriesTest {
    private static final int HISTORIES = Integer.getInteger("ashlar.histories", 10_000);
    private static final int FAULTY_SECONDS = 60;
    private static final int SETTLE_SECONDS_MAX = 6_000;

    @Test
    void whatMustAlwaysHoldDoesAndTheEndIsWell() {
        Long only = Long.getLong("ashlar.seed");
        if (only != null) {
            play(only, Transition::apply, OrderBook::ordersFor);
            return;
        }
        Map<String, Integer> ended = new TreeMap<>();
        int registrations = 0;
        List<SimulatedCluster> played = LongStream.range(0, HISTORIES)
                .parallel()
                .mapToObj(seed -> play(seed, Transition::apply, OrderBook::ordersFor))
                .toList();
        for (SimulatedCluster cluster : played) {
            cluster.ended.forEach((kind, count) -> ended.merge(kind, count, Integer::sum));
            registrations += cluster.registrations();
        }
        System.out.printf("%d histories, %d registrations, operators ended: %s%n", HISTORIES, registrations, ended);
        // The histories are worth something only when much happens in them.
        assertThat(registrations).isGreaterThan(HISTORIES * 4);
        for (String kind : List.of(
                OperatorRecord.TRANSFER_LEADER,
                OperatorRecord.REBUILD,
                OperatorRecord.REPLACE,
                OperatorRecord.EVACUATE,
                OperatorRecord.MOVE,
                OperatorRecord.ADD,
                OperatorRecord.REMOVE)) {
            assertThat(ended.getOrDefault(kind, 0)).as(kind).isGreaterThan(HISTORIES / 100);
        }
    }

    static Stream<PlantedBug> plantedBugs() {
        return Stream.of(
                rules("an incarnation is handed out twice", SeededHistoriesTest::sameIncarnationAgain),
                rules(
                        "a preference is taken and forgotten",
                        (state, command) -> command instanceof ClusterCommand.SetPreferredLeader
                                ? new Applied(state, List.of(), new Applied.Outcome.Done(0))
                                : Transition.apply(state, command)),
                rules(
                        "an operator never ends",
                        (state, command) -> command instanceof ClusterCommand.EndOperator
                                ? new Applied(state, List.of(), new Applied.Outcome.Refused("bug"))
                                : Transition.apply(state, command)),
                rules(
                        "two operators of one shard at a time",
                        (state, command) -> command instanceof ClusterCommand.StartChange
                                        || command instanceof ClusterCommand.StartOperator
                                ? besideOthers(state, command)
                                : Transition.apply(state, command)),
                orders("a voter is removed whoever else is there", SeededHistoriesTest::removesAtOnce),
                orders("a lost voter is made anew under its number", SeededHistoriesTest::createsAgain));
    }

    @ParameterizedTest
    @MethodSource("plantedBugs")
    void aPlantedBugIsFound(PlantedBug bug) {
        assertThatThrownBy(() -> {
                    for (long seed = 0; seed < HISTORIES; seed++) {
                        play(seed, bug.rules(), bug.orders());
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed");
    }

    record PlantedBug(String name, SimulatedCluster.Rules rules, SimulatedCluster.Orders orders) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static PlantedBug rules(String name, SimulatedCluster.Rules rules) {
        return new PlantedBug(name, rules, OrderBook::ordersFor);
    }

    private static PlantedBug orders(String name, SimulatedCluster.Orders orders) {
        return new PlantedBug(name, Transition::apply, orders);
    }

    private static SimulatedCluster play(long seed, SimulatedCluster.Rules rules, SimulatedCluster.Orders orders) {
        SimulatedCluster cluster = new SimulatedCluster(seed, rules, orders);
        try {
            cluster.run(FAULTY_SECONDS, true);
            cluster.heal();
            cluster.settle(SETTLE_SECONDS_MAX);
            cluster.checkConverged();
            return cluster;
        } catch (AssertionError | RuntimeException failed) {
            throw new AssertionError("seed " + seed + ": " + failed + "\n" + cluster.describe(), failed);
        }
    }

    private static Applied sameIncarnationAgain(ClusterState state, ClusterCommand command) {
        Applied applied = Transition.apply(state, command);
        if (!(command instanceof ClusterCommand.RegisterStore register)
                || state.store(register.store()).isEmpty()) {
            return applied;
        }
        StoreRecord before = state.store(register.store()).orElseThrow();
        var stores = new TreeMap<>(applied.state().stores());
        stores.put(before.id().toString(), before);
        return new Applied(
                new ClusterState(
                        applied.state().meta(),
                        stores,
                        applied.state().shards(),
                        applied.state().operators()),
                applied.events(),
                new Applied.Outcome.Done(before.incarnation()));
    }

    private static Applied besideOthers(ClusterState state, ClusterCommand command) {
        Applied applied = Transition.apply(
                new ClusterState(state.meta(), state.stores(), state.shards(), new TreeMap<>()), command);
        var operators = new TreeMap<>(state.operators());
        operators.putAll(applied.state().operators());
        ClusterState after = applied.state();
        return new Applied(
                new ClusterState(after.meta(), after.stores(), after.shards(), operators),
                applied.events(),
                applied.outcome());
    }

    /** The removal of a voter, as soon as a change is to remove one. */
    private static List<Order> removesAtOnce(StoreId store, ClusterState state, Observed observed, long nowMs) {
        List<Order> orders = new ArrayList<>();
        for (OperatorRecord operator : state.operators().values()) {
            ShardRecord shard = state.shards().get(operator.shard());
            if (operator.changesMembers() && shard.replica(operator.removes()).isPresent()) {
                observed.members(operator.shard())
                        .ifPresent(members -> orders.add(new Order(
                                operator.order(),
                                "remove",
                                operator.shard(),
                                shard.replica(operator.removes()).orElseThrow().info(),
                                members.members())));
            }
        }
        orders.addAll(OrderBook.ordersFor(store, state, observed, nowMs));
        return orders;
    }

    /** Every replica of the map that the store's newer disk does not have. */
    private static List<Order> createsAgain(StoreId store, ClusterState state, Observed observed, long nowMs) {
        List<Order> orders = new ArrayList<>(OrderBook.ordersFor(store, state, observed, nowMs));
        for (ShardRecord shard : state.shards().values()) {
            for (ReplicaRecord replica : shard.voters()) {
                if (replica.store().name().equals(store.name())) {
                    orders.add(new Order(1, "create_replica", shard.shard(), replica.info(), List.of(replica.info())));
                }
            }
        }
        return orders;
    }
}
