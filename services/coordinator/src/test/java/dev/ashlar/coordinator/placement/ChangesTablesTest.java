package dev.ashlar.coordinator.placement;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.Order;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.coordinator.membership.MembersSeen;
import dev.ashlar.coordinator.membership.Observations;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;

import static dev.ashlar.coordinator.Fixtures.NOW;
import static dev.ashlar.coordinator.Fixtures.after;
import static dev.ashlar.coordinator.Fixtures.beat;
import static dev.ashlar.coordinator.Fixtures.id;
import static dev.ashlar.coordinator.Fixtures.placed;
import static dev.ashlar.coordinator.Fixtures.register;
import static dev.ashlar.coordinator.Fixtures.steady;
import static dev.ashlar.coordinator.Fixtures.steadyBut;
import static dev.ashlar.coordinator.Fixtures.withStores;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

/** Which changes of members are started, in which order their steps come, and what is ordered at each. */
class ChangesTablesTest {
    private static final long REPAIR_AFTER_MS = 600_000;

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "all is well,                    a/x b/y c/z,     a b c, none,           ''",
        "a lost disk goes to its name,   a/x b/y c/z d/z, a b c, lost b,         rebuild_replica 2 on b",
        "a zone without comes first,     a/x b/x c/z d/y, a b c, lost b,         rebuild_replica 2 on d",
        "a silent store is waited for,   a/x b/y c/z d/y, a b c, down b,         ''",
        "then its replica moves,         a/x b/y c/z d/y, a b c, dead b,         replace_replica 2 on d",
        "when there is a spare store,    a/x b/y c/z,     a b c, dead b,         ''",
        "a decommission moves it,        a/x b/y c/z d/y, a b c, decommission b, evacuate_replica 2 on d",
        "from a silent store too,        a/x b/y c/z d/y, a b c, gone b,         replace_replica 2 on d",
        "few replicas are added to,      a/x b/y c/z,     a b,   none,           add_replica 0 on c",
    })
    void whatIsStarted(String name, String stores, String map, String trouble, String expected) {
        ClusterState state = placed(withStores(1, 3, stores.split(" ")), map);
        String leader = map.substring(0, 1);
        String[] words = trouble.split(" ");
        Observed observed = steady(state, leader);
        long repairAfterMs = REPAIR_AFTER_MS;
        switch (words[0]) {
            case "lost" -> {
                state = after(state, register(id(words[1], 2), zone(state, words[1])));
                observed = steady(state, leader);
            }
            case "down", "dead", "gone" -> {
                if (words[0].equals("gone")) {
                    state = after(state, intent(words[1], Intent.DECOMMISSION));
                }
                state = after(state, new ClusterCommand.SetPresence(id(words[1]), 1, Presence.DOWN, "silent", 5));
                observed = steadyBut(state, words[1], leader);
                repairAfterMs = words[0].equals("dead") ? NOW : repairAfterMs + NOW;
            }
            case "decommission" -> state = after(state, intent(words[1], Intent.DECOMMISSION));
            default -> {}
        }
        List<String> started = Repair.decide(state, observed, repairAfterMs, NOW, 1).stream()
                .map(ClusterCommand.StartChange.class::cast)
                .map(c -> c.kind() + " " + c.removes() + " on "
                        + c.addOn().getFirst().name())
                .toList();
        assertThat(String.join(", ", started)).as(name).isEqualTo(expected);
    }

    @Test
    void aLostVoterIsRemovedBeforeAnythingElse() {
        ClusterState state = after(placed(withStores(1, 3, "a", "b", "c"), "a b c"), register(id("b", 2), ""));
        assertThat(steps(state, "a", 0)).containsExactly("removing", "adding", "promoting");
    }

    @Test
    void aSilentVoterIsRemovedWhenTheNewOneHasCaughtUp() {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c", "d"), "a b c");
        state = after(state, new ClusterCommand.SetPresence(id("b"), 1, Presence.DOWN, "silent", 5));
        assertThat(steps(state, "a", 0)).containsExactly("adding", "removing", "promoting");
    }

    @Test
    void aVoterThatIsThereGoesLastAndItsLeadershipBefore() {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c", "d"), "a b c");
        state = after(state, intent("a", Intent.DECOMMISSION));
        assertThat(steps(state, "a", REPAIR_AFTER_MS))
                .containsExactly("adding", "promoting", "transfer_leader", "removing");
    }

    @ParameterizedTest(name = "of a b c there are {0}; then {1}: {2}")
    @CsvSource({
        "'a b c', 'a b',     false", // a full shard gives none away
        "'a b c', 'a b c d', true",
        "'a b',   'a b',     true", // the dead one goes
        "'a b',   'a c',     false", // a living one does not
        "'a b',   'a b c d', true", // three of four are needed and there: none to spare, as before
        "'a',     'a b',     false", // no quorum: nothing is ordered
        "'a',     'a b c d', false",
    })
    void theMarginIsKept(String healthy, String then, boolean kept) {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c", "d"), "a b c");
        ShardRecord shard = state.shards().get(0);
        Observed observed = steady(state, "a");
        var stores = new HashMap<>(observed.stores());
        Stream.of("b", "c").filter(store -> !healthy.contains(store)).forEach(store -> stores.remove(id(store)));
        Observed seen = new Observed(
                0,
                stores,
                observed.leaders(),
                observed.members(),
                observed.operatorsSinceMs(),
                observed.transferNotBeforeMs(),
                observed.changeNotBeforeMs());
        List<ReplicaRecord> after = new ArrayList<>();
        for (String store : then.split(" ")) {
            // The new voter is as healthy as the leader.
            after.add(shard.on(id(store)).orElse(new ReplicaRecord(id("a"), 1, ReplicaRecord.Kind.VOTER, 0)));
        }
        assertThat(new ShardFacts(state, shard, seen, NOW).keepsQuorum(after)).isEqualTo(kept);
    }

    @Test
    void aDamagedVoterIsRemovedAndAnotherTakesItsPlace() {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c"), "a b c");
        Observed well = steady(state, "a");
        Observed observed = new Observed(
                0,
                well.stores(),
                well.leaders(),
                well.members(),
                well.operatorsSinceMs(),
                well.transferNotBeforeMs(),
                well.changeNotBeforeMs(),
                Map.of(0, Map.of(2L, "it differs")),
                Map.of());
        ClusterState removing = after(
                state, Repair.decide(state, observed, REPAIR_AFTER_MS, NOW, 1).toArray(ClusterCommand[]::new));
        assertThat(OrderBook.ordersFor(id("a"), removing, observed, NOW))
                .extracting(Order::type, order -> order.target().replica())
                .containsExactly(tuple("remove", 2L));

        ShardRecord shard = removing.shards().get(0);
        List<ReplicaInfo> rest =
                infos(shard).stream().filter(member -> member.replica() != 2).toList();
        ClusterState removed = after(
                removing,
                new ClusterCommand.ConfirmMembers(0, 9, rest, 5),
                new ClusterCommand.EndOperator(removing.operators().firstKey(), true, "done", 6));
        assertThat(Repair.decide(removed, steady(removed, "a"), REPAIR_AFTER_MS, NOW, 1).stream()
                        .map(ClusterCommand.StartChange.class::cast)
                        .map(change -> change.kind() + " on "
                                + change.addOn().getFirst().name()))
                .containsExactly("add_replica on b");
    }

    @Test
    void aStoreDestroysWhatItsShardHasRemovedAndNothingElse() {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c"), "a b c");
        ShardRecord before = state.shards().get(0);
        List<ReplicaInfo> rest = List.of(
                before.replica(1).orElseThrow().info(),
                before.replica(2).orElseThrow().info());
        ClusterState removed = after(state, new ClusterCommand.ConfirmMembers(0, 9, rest, 5));
        Observed stillThere = reporting(state, removed, "c");
        assertThat(OrderBook.ordersFor(id("c"), removed, stillThere, NOW))
                .extracting(Order::type, order -> order.target().replica())
                .containsExactly(tuple("destroy_replica", 3L));
        assertThat(OrderBook.ordersFor(id("c"), state, reporting(state, state, "c"), NOW))
                .isEmpty();
    }

    /** Its order to be added was given up, and may still take effect. */
    @ParameterizedTest(name = "{0}: {5}")
    @CsvSource({
        "the leader says nothing is under way,  7000, 7000,  0, 0,    done",
        "the removal has just begun,            3000, 7000,  0, 0,    goes on",
        "the leader is new,                     7000, 3000,  0, 0,    goes on",
        "the leader knows of a change,          7000, 7000, 42, 0,    goes on",
        "the leader was not heard lately,       7000, 7000,  0, 4000, goes on",
    })
    void aLearnerThatWasNeverAddedIsDroppedWhenItCannotJoinAnyMore(
            String name, long runsMs, long leadsMs, long changeIndex, long heardMsAgo, String then) {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c", "d"), "a b c");
        long epoch = state.shards().get(0).epoch();
        state = after(state, change(OperatorRecord.MOVE, epoch, List.of(id("d")), 3, ChangeStep.CREATING));
        state = after(state, new ClusterCommand.EndOperator(state.operators().firstKey(), false, "undone", 5));
        List<ReplicaInfo> members = infos(state.shards().get(0)).subList(0, 3);
        ClusterState removing = after(
                state, change(OperatorRecord.REMOVE, state.shards().get(0).epoch(), List.of(), 4, ChangeStep.REMOVING));
        Observations observations = new Observations(0);
        observations.running(removing, NOW - runsMs);
        for (long at = NOW - leadsMs; at <= NOW - heardMsAgo; at += 1_000) {
            observations.heard(removing, id("a"), leading(removing, members, changeIndex), at);
        }
        observations.heard(removing, id("b"), beat(removing, id("b"), "a"), NOW);
        Observed seen = observations.snapshot();
        Observed observed = new Observed(
                0,
                seen.stores(),
                seen.leaders(),
                Map.of(0, new MembersSeen(0, members)),
                seen.operatorsSinceMs(),
                Map.of(),
                Map.of());
        assertThat(OrderBook.ordersFor(id("a"), removing, observed, NOW)).isEmpty();
        assertThat(OrderBook.ordersFor(id("d"), removing, observed, NOW))
                .as("it is not to be created either")
                .isEmpty();
        assertThat(Changes.decide(removing, observed, NOW, 1).stream()
                        .map(ClusterCommand.EndOperator.class::cast)
                        .map(ClusterCommand.EndOperator::ok))
                .as(name)
                .containsExactlyElementsOf(then.equals("done") ? List.of(true) : List.of());
    }

    private static ClusterCommand.StartChange change(
            String kind, long epoch, List<StoreId> addOn, long removes, String step) {
        return new ClusterCommand.StartChange(kind, 0, epoch, addOn, 0, removes, step, "test", 4);
    }

    /** The leader's heartbeat; with an index it acts on members that are not committed yet. */
    private static HeartbeatRequest leading(ClusterState state, List<ReplicaInfo> members, long changeIndex) {
        ReplicaReport report = new ReplicaReport(0, 1, "leader", 5, 1, 40, 40, 0, 7, changeIndex, members);
        return new HeartbeatRequest("a", id("a").diskId(), 1, "up", List.of(report), List.of(), List.of(), 0, 0);
    }

    private static Observed reporting(ClusterState told, ClusterState known, String store) {
        var observations = new Observations(0);
        observations.heard(known, id(store), beat(told, id(store), "a"), NOW);
        return observations.snapshot();
    }

    /** Runs the change that repair starts to its end; orders are done at once, and a learner has caught up at once. */
    private static List<String> steps(ClusterState from, String leads, long repairAfterMs) {
        ClusterState state = from;
        String leader = leads;
        List<String> steps = new ArrayList<>();
        List<ReplicaInfo> members = infos(state.shards().get(0));
        long index = 0;
        for (int turn = 0; turn < 40; turn++) {
            Observed observed = observe(state, leader, new MembersSeen(index, members));
            List<ClusterCommand> commands = new ArrayList<>();
            ReplicaCreation.decide(state, observed, 1).ifPresent(commands::add);
            commands.addAll(Changes.decide(state, observed, NOW, 1));
            if (turn == 0) {
                commands.addAll(Repair.decide(state, observed, repairAfterMs, NOW, 1));
            }
            for (ClusterCommand command : commands) {
                state = after(state, command);
                if (command instanceof ClusterCommand.StepOperator step) {
                    steps.add(step.to());
                }
                if (command instanceof ClusterCommand.EndOperator end) {
                    assertThat(end.ok()).as(end.reason()).isTrue();
                    return steps;
                }
            }
            for (Order order : orders(state, leader, observed)) {
                if (order.type().equals("transfer_leader")) {
                    leader = StoreId.parse(order.target().store()).name();
                    steps.removeLast();
                    steps.addAll(List.of("transfer_leader", "removing"));
                    continue;
                }
                List<ReplicaInfo> next = new ArrayList<>(members);
                next.removeIf(member -> member.replica() == order.target().replica());
                switch (order.type()) {
                    case "add_learner" -> next.add(order.target());
                    case "promote" ->
                        next.add(new ReplicaInfo(
                                order.target().store(), order.target().replica(), "voter"));
                    default -> {}
                }
                members = next;
                index++;
                state = after(state, new ClusterCommand.ConfirmMembers(0, index, members, 1));
            }
        }
        throw new AssertionError("no end after " + steps);
    }

    private static List<Order> orders(ClusterState state, String leader, Observed observed) {
        Optional<StoreId> store = state.shards().get(0).replicas().stream()
                .map(ReplicaRecord::store)
                .filter(id -> id.name().equals(leader))
                .findFirst();
        return OrderBook.ordersFor(store.orElseThrow(), state, observed, NOW).stream()
                .filter(order -> !order.type().equals("create_replica"))
                .toList();
    }

    /** Everybody that is up, and has its replica created. */
    private static Observed observe(ClusterState state, String leader, MembersSeen members) {
        String silent = state.presentStores().stream()
                .filter(store -> store.presence() == Presence.DOWN)
                .map(store -> store.id().name())
                .findFirst()
                .orElse("");
        Observed all = steadyBut(state, silent, leader);
        return new Observed(
                0,
                all.stores(),
                all.leaders(),
                Map.of(0, members),
                all.operatorsSinceMs(),
                all.transferNotBeforeMs(),
                all.changeNotBeforeMs());
    }

    private static List<ReplicaInfo> infos(ShardRecord shard) {
        return shard.replicas().stream().map(ReplicaRecord::info).toList();
    }

    private static String zone(ClusterState state, String store) {
        return state.store(id(store)).orElseThrow().zone();
    }

    private static ClusterCommand.SetIntent intent(String store, Intent intent) {
        return new ClusterCommand.SetIntent(id(store), intent, "asked for", 4, false);
    }
}
