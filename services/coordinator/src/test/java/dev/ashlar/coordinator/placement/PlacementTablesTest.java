package dev.ashlar.coordinator.placement;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.Order;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Presence;

import static dev.ashlar.coordinator.Fixtures.NOW;
import static dev.ashlar.coordinator.Fixtures.after;
import static dev.ashlar.coordinator.Fixtures.id;
import static dev.ashlar.coordinator.Fixtures.placed;
import static dev.ashlar.coordinator.Fixtures.steady;
import static dev.ashlar.coordinator.Fixtures.steadyBut;
import static dev.ashlar.coordinator.Fixtures.withStores;
import static org.assertj.core.api.Assertions.assertThat;

class PlacementTablesTest {
    @ParameterizedTest(name = "{0} shards × {1} on {2}")
    @CsvSource({
        "1,  3, a b c",
        "6,  3, a b c",
        "6,  3, a b c d e",
        "6,  1, a",
        "24, 3, a/x b/x c/y d/y e/z f/z",
        "7,  3, a/x b/y c/y d/y",
        "12, 5, a/x b/x c/y d/y e/z",
    })
    void replicasAreSpreadByZoneThenByLoad(int shards, int replicas, String stores) {
        ClusterState state = withStores(shards, replicas, stores.split(" "));
        var command = (ClusterCommand.PlaceShards)
                InitialPlacement.decide(state, steady(state), NOW, 1).orElseThrow();
        Map<StoreId, Integer> load = new HashMap<>();
        Map<StoreId, Integer> leaders = new HashMap<>();
        long zones = state.presentStores().stream()
                .map(store -> store.zone())
                .distinct()
                .count();
        for (ClusterCommand.Placement placement : command.placements()) {
            assertThat(placement.stores()).hasSize(replicas).doesNotHaveDuplicates();
            Set<String> used = placement.stores().stream()
                    .map(store -> state.store(store).orElseThrow().zone())
                    .collect(Collectors.toSet());
            assertThat(used).hasSize((int) Math.min(replicas, zones));
            placement.stores().forEach(store -> load.merge(store, 1, Integer::sum));
            leaders.merge(placement.stores().getFirst(), 1, Integer::sum);
        }
        if (zones == 1) {
            assertThat(max(load) - min(load)).isLessThanOrEqualTo(1);
        }
        assertThat(after(state, command).shards()).hasSize(shards);
        assertThat(InitialPlacement.decide(state, steady(state), NOW, 1)).contains(command);
    }

    @Test
    void placementWaitsForTheExpectedStoresToBeHeard() {
        ClusterState state = withStores(6, 3, "a", "b", "c");
        assertThat(InitialPlacement.decide(state, steadyBut(state, "b"), NOW, 1))
                .isEmpty();
        assertThat(InitialPlacement.decide(state, steady(state), NOW, 1)).isPresent();
        assertThat(InitialPlacement.decide(placed(withStores(1, 1, "a"), "a"), steady(state), NOW, 1))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0} with {1} down: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a b c,b c a,c a b             | ''  | ''",
                // Two against one starts nothing.
                "a b c,a b c,b c a,c a b       | ''  | ''",
                "a b c,a b c,b c a             | ''  | 0:c",
                "a b c,a b c,a b c             | ''  | 0:b 1:c",
                "a b c,b c a,c a b             | a   | 0:b",
                "a b c,a b c,b c a             | a   | 0:c 1:b",
                // From a to c only along a chain: a's shard to b, b's to c.
                "a b,a b,b c                   | ''  | 0:b 2:c",
                "a b,a b,b c,b c               | ''  | 0:b 2:c",
            })
    void preferredLeadersAreSpreadAndStay(String shards, String down, String expected) {
        String[] lines = shards.split(",");
        ClusterState state = placed(withStores(lines.length, 3, "a", "b", "c"), lines);
        if (!down.isEmpty()) {
            state = after(state, new ClusterCommand.SetPresence(id(down), 1, Presence.DOWN, "test", 9));
        }
        String[] leaders =
                Arrays.stream(lines).map(line -> line.substring(0, 1)).toArray(String[]::new);
        List<ClusterCommand> commands = LeaderSpread.decide(state, steadyBut(state, down, leaders), NOW, 1);
        ClusterState before = state;
        assertThat(commands.stream()
                        .map(ClusterCommand.SetPreferredLeader.class::cast)
                        .map(c -> c.shard() + ":"
                                + before.shards()
                                        .get(c.shard())
                                        .replica(c.replica())
                                        .orElseThrow()
                                        .store()
                                        .name())
                        .collect(Collectors.joining(" ")))
                .isEqualTo(expected);
        ClusterState afterwards = after(state, commands.toArray(ClusterCommand[]::new));
        assertThat(LeaderSpread.decide(afterwards, steadyBut(afterwards, down, leaders), NOW, 1))
                .as("converged")
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "the preferred replica is ready,       a, up,       100,   0, 20000, true",
        "it leads already,                     b, up,       100,   0, 20000, false",
        "its store is about to stop,           a, draining, 100,   0, 20000, false",
        "its store is not ready yet,           a, starting, 100,   0, 20000, false",
        "its store came just now,              a, up,       100,   0, 3000,  false",
        "it lacks many entries,                a, up,       9999,  0, 20000, false",
        "another transfer of it failed lately, a, up,       100,   5, 20000, false",
        "the shard has no leader,              '', up,      100,   0, 20000, false",
    })
    void leadershipMovesOnlyToAReadyPreferredReplica(
            String name, String leader, String word, long leaderCommit, int backoffS, long steadyMs, boolean moves) {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c"), "b a c");
        Observed base = steady(state, leader);
        var stores = new HashMap<>(base.stores());
        stores.computeIfPresent(
                id("b"),
                (id, seen) -> new dev.ashlar.coordinator.membership.StoreSeen(
                        seen.incarnation(),
                        seen.lastMs(),
                        NOW - steadyMs,
                        word.equals("starting") ? "up" : word,
                        seen.replicas(),
                        List.of(),
                        List.of(),
                        0,
                        0,
                        word.equals("starting") ? "starting" : "ready"));
        var leaders = new HashMap<>(base.leaders());
        leaders.computeIfPresent(
                0,
                (shard, seen) -> new dev.ashlar.coordinator.membership.LeaderSeen(
                        seen.replica(), seen.term(), seen.sinceMs(), seen.heardMs(), leaderCommit, 0));
        Map<Integer, Long> notBefore = backoffS == 0 ? Map.of() : Map.of(0, NOW + backoffS * 1_000L);
        Observed observed = new Observed(0, stores, leaders, Map.of(), Map.of(), notBefore, Map.of());
        assertThat(LeaderMoves.decide(state, observed, NOW, 1)).as(name).hasSize(moves ? 1 : 0);

        // What made it start must hold whenever it is ordered: the store may have announced its stop since.
        ClusterState moving =
                after(state, new ClusterCommand.StartOperator("transfer_leader", 0, 1, 5, "ordered", "test", 1));
        List<Order> orders = List.of("a", "b", "c").stream()
                .flatMap(store -> OrderBook.ordersFor(id(store), moving, observed, NOW).stream())
                .toList();
        assertThat(orders).as(name + ", ordered").hasSize(moves || backoffS > 0 ? 1 : 0);
        assertThat(LeaderMoves.decide(moving, observed, NOW, 1))
                .as(name + ", over: it leads, or will not")
                .hasSize(leader.equals("b") || word.equals("draining") ? 1 : 0);
    }

    @Test
    void aTransferEndsWhenTheTargetLeadsOrSomebodyElseDoesOrTimeIsUp() {
        ClusterState state = after(
                placed(withStores(1, 3, "a", "b", "c"), "b a c"),
                new ClusterCommand.StartOperator("transfer_leader", 0, 1, 5, "ordered", "test", 1));
        assertThat(LeaderMoves.decide(state, steady(state, "a"), NOW, 1)).isEmpty();
        assertThat(LeaderMoves.decide(state, steady(state, "b"), NOW, 1))
                .singleElement()
                .matches(c -> ((ClusterCommand.EndOperator) c).ok());
        assertThat(LeaderMoves.decide(state, steady(state, "a"), NOW + 15_000, 1))
                .singleElement()
                .matches(c -> !((ClusterCommand.EndOperator) c).ok());
        ClusterState older = after(
                placed(withStores(1, 3, "a", "b", "c"), "b a c"),
                new ClusterCommand.StartOperator("transfer_leader", 0, 1, 4, "ordered", "test", 1));
        assertThat(LeaderMoves.decide(older, steady(older, "c"), NOW, 1))
                .singleElement()
                .matches(c -> !((ClusterCommand.EndOperator) c).ok());
    }

    @Test
    void aReplicaIsOrderedUntilItIsReportedAndNeverAgain() {
        ClusterState state = after(
                withStores(1, 3, "a", "b", "c"),
                new ClusterCommand.PlaceShards(
                        List.of(new ClusterCommand.Placement(0, List.of(id("a"), id("b"), id("c")))), 1));
        Observed nothing = steady(state);
        List<Order> orders = OrderBook.ordersFor(id("b"), state, nothing, NOW);
        assertThat(orders).singleElement().satisfies(order -> {
            assertThat(order.type()).isEqualTo("create_replica");
            assertThat(order.target()).isEqualTo(new ReplicaInfo(id("b").toString(), 2, "voter"));
            assertThat(order.members()).hasSize(3);
        });
        assertThat(OrderBook.ordersFor(id("b"), state, nothing, NOW)).isEqualTo(orders);

        Observed reported = steady(state, "a");
        assertThat(OrderBook.ordersFor(id("b"), state, reported, NOW)).isEmpty();
        ClusterState confirmed =
                after(state, ReplicaCreation.decide(state, reported, 1).orElseThrow());
        assertThat(ReplicaCreation.decide(confirmed, reported, 1)).isEmpty();
        assertThat(OrderBook.ordersFor(id("b"), confirmed, nothing, NOW))
                .as("a replica that was there and is gone is not made anew (S5)")
                .isEmpty();
    }

    @Test
    void aTransferIsOrderedFromTheStoreThatLeads() {
        ClusterState state = after(
                placed(withStores(1, 3, "a", "b", "c"), "b a c"),
                new ClusterCommand.StartOperator("transfer_leader", 0, 1, 5, "ordered", "test", 1));
        Observed observed = steady(state, "c");
        assertThat(OrderBook.ordersFor(id("c"), state, observed, NOW))
                .singleElement()
                .satisfies(order -> {
                    assertThat(order.id()).isEqualTo(state.operators().firstKey());
                    assertThat(order.target().store()).isEqualTo(id("b").toString());
                });
        assertThat(OrderBook.ordersFor(id("a"), state, observed, NOW)).isEmpty();
        assertThat(OrderBook.ordersFor(id("b"), state, observed, NOW)).isEmpty();
    }

    private static int max(Map<StoreId, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    }

    private static int min(Map<StoreId, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
    }
}
