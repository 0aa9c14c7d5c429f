package dev.ashlar.coordinator.state;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.common.Limits;
import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.Event;
import dev.ashlar.coordinator.state.Applied.Outcome;

import static dev.ashlar.coordinator.Fixtures.after;
import static dev.ashlar.coordinator.Fixtures.id;
import static dev.ashlar.coordinator.Fixtures.initialized;
import static dev.ashlar.coordinator.Fixtures.placed;
import static dev.ashlar.coordinator.Fixtures.register;
import static dev.ashlar.coordinator.Fixtures.withStores;
import static org.assertj.core.api.Assertions.assertThat;

class TransitionTest {
    @Test
    void nothingIsDoneBeforeTheClusterHasAName() {
        Applied applied = Transition.apply(ClusterState.EMPTY, register(id("store-0"), ""));
        assertThat(applied.outcome()).isInstanceOf(Outcome.Refused.class);
        assertThat(applied.state()).isSameAs(ClusterState.EMPTY);
        assertThat(applied.events()).isEmpty();
    }

    @Test
    void aFinalizedClusterIsClosedToOlderVersions() {
        ClusterState mixed = after(withStores(1, 1, "a", "b"), version("a", 2));
        Applied early = Transition.apply(mixed, new ClusterCommand.Finalize(2, 9));
        assertThat(early.outcome())
                .isEqualTo(new Outcome.Refused("b runs version 0.1.0, which reads data formats up to 1, not 2"));
        assertThat(early.state()).isSameAs(mixed);

        Applied finalized = Transition.apply(after(mixed, version("b", 2)), new ClusterCommand.Finalize(2, 9));
        assertThat(finalized.state().meta().formatVersion()).isEqualTo(2);
        assertThat(finalized.events()).extracting(Event::kind).containsExactly("cluster_finalized");
        assertThat(Transition.apply(finalized.state(), new ClusterCommand.Finalize(2, 9))
                        .events())
                .as("a second time")
                .isEmpty();
        Applied old = Transition.apply(finalized.state(), version("b", 1));
        assertThat(old.outcome())
                .isEqualTo(new Outcome.Refused("the cluster is finalized at data format 2; version 0.1.0 of b reads"
                        + " formats up to 1: run a newer version"));
        assertThat(old.state()).isSameAs(finalized.state());
    }

    private static ClusterCommand.RegisterStore version(String name, int dataFormat) {
        return new ClusterCommand.RegisterStore(id(name), "", name + ":8080", name + ":8090", "0.1.0", dataFormat, 9);
    }

    @Test
    void aClusterIsNamedOnce() {
        ClusterState state = initialized(6, 3, 3);
        Applied again = Transition.apply(state, new ClusterCommand.Initialize("another", 1, new Settings(1, 1, 1), 9));
        assertThat(again.outcome()).isInstanceOf(Outcome.Refused.class);
        assertThat(again.state().settings().shards()).isEqualTo(6);
    }

    @Test
    void everyStartOfAProcessGetsAHigherIncarnation() {
        ClusterState state = initialized(1, 1, 1);
        StoreId first = id("store-0", 1);
        StoreId second = id("store-0", 2);
        long last = 0;
        for (StoreId disk : List.of(first, first, second, first, id("store-0", 3), second)) {
            Applied applied = Transition.apply(state, register(disk, ""));
            long incarnation = ((Outcome.Done) applied.outcome()).number();
            assertThat(incarnation).isGreaterThan(last);
            last = incarnation;
            state = applied.state();
        }
        assertThat(Transition.apply(state, register(id("store-1"), "")).outcome())
                .isEqualTo(new Outcome.Done(1));
    }

    @Test
    void anotherDiskMakesTheOldOneLostAndKeepsItAsLongAsItHostsReplicas() {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c"), "a b c");
        Applied applied = Transition.apply(state, register(id("b", 2), ""));
        assertThat(applied.state().store(id("b", 1)).orElseThrow().presence()).isEqualTo(Presence.LOST);
        assertThat(applied.state().store(id("b", 2)).orElseThrow().presence()).isEqualTo(Presence.UP);
        assertThat(applied.events()).extracting(Event::kind).containsExactly("store_lost", "store_registered");

        ClusterState third = after(applied.state(), register(id("b", 3), ""));
        assertThat(third.store(id("b", 2))).as("it hosted nothing").isEmpty();
        assertThat(third.store(id("b", 1))).isPresent();
    }

    @Test
    void aDecommissionOutlivesARestartAndADrainDoesNot() {
        ClusterState state = withStores(1, 1, "a", "b");
        var stores = new java.util.TreeMap<>(state.stores());
        stores.put(id("a").toString(), state.store(id("a")).orElseThrow().withIntent(Intent.DECOMMISSION, false));
        stores.put(id("b").toString(), state.store(id("b")).orElseThrow().withIntent(Intent.DRAIN, false));
        ClusterState intended = new ClusterState(state.meta(), stores, state.shards(), state.operators());
        ClusterState restarted = after(intended, register(id("a"), ""), register(id("b"), ""));
        assertThat(restarted.store(id("a")).orElseThrow().intent()).isEqualTo(Intent.DECOMMISSION);
        assertThat(restarted.store(id("b")).orElseThrow().intent()).isEqualTo(Intent.SERVE);
    }

    @Test
    void aStoreThatLeftWithItsStatefulSetServesWhenItStartsAgain() {
        ClusterState leaving = after(withStores(1, 1, "a", "b"), scaleIn("a"));
        assertThat(leaving.store(id("a")).orElseThrow().intent()).isEqualTo(Intent.DECOMMISSION);
        Applied again = Transition.apply(leaving, register(id("a"), ""));
        assertThat(again.state().store(id("a")).orElseThrow().intent()).isEqualTo(Intent.SERVE);
        assertThat(again.events()).extracting(Event::kind).containsExactly("store_registered", "store_serving");

        ClusterState ordered = after(leaving, intent("a", Intent.DECOMMISSION));
        assertThat(after(ordered, register(id("a"), ""))
                        .store(id("a"))
                        .orElseThrow()
                        .intent())
                .as("a person ordered it, too")
                .isEqualTo(Intent.DECOMMISSION);
        ClusterState orderedFirst = after(withStores(1, 1, "a", "b"), intent("a", Intent.DECOMMISSION), scaleIn("a"));
        assertThat(after(orderedFirst, register(id("a"), ""))
                        .store(id("a"))
                        .orElseThrow()
                        .intent())
                .as("a person had ordered it before")
                .isEqualTo(Intent.DECOMMISSION);
        assertThat(after(leaving, intent("a", Intent.SERVE))
                        .store(id("a"))
                        .orElseThrow()
                        .byScaleIn())
                .isFalse();
    }

    private static ClusterCommand.SetIntent scaleIn(String store) {
        return new ClusterCommand.SetIntent(id(store), Intent.DECOMMISSION, "too small", 9, true);
    }

    @Test
    void anIntentIsTakenOnceAndADrainDoesNotEndADecommission() {
        ClusterState state = withStores(1, 1, "a", "b");
        Applied first = Transition.apply(state, intent("a", Intent.DECOMMISSION));
        assertThat(first.state().store(id("a")).orElseThrow().intent()).isEqualTo(Intent.DECOMMISSION);
        assertThat(first.events()).extracting(Event::kind).containsExactly("store_decommissioning");
        for (Intent again : List.of(Intent.DECOMMISSION, Intent.DRAIN)) {
            Applied second = Transition.apply(first.state(), intent("a", again));
            assertThat(second.outcome()).isEqualTo(new Outcome.Done(0));
            assertThat(second.state()).isEqualTo(first.state());
            assertThat(second.events()).isEmpty();
        }
        assertThat(after(first.state(), intent("a", Intent.SERVE))
                        .store(id("a"))
                        .orElseThrow()
                        .intent())
                .isEqualTo(Intent.SERVE);
    }

    @Test
    void aDecommissionLeavesEnoughStoresForTheReplicationFactor() {
        ClusterState four = withStores(1, 3, "a", "b", "c", "d");
        four = new ClusterState(
                new ClusterState.Meta("c", 1, 1, new Settings(1, 3, 3), 1, 1),
                four.stores(),
                four.shards(),
                four.operators());
        ClusterState three = after(four, intent("d", Intent.DECOMMISSION));
        assertThat(Transition.apply(three, intent("a", Intent.DECOMMISSION)).outcome())
                .isEqualTo(new Outcome.Refused("without a only 2 stores are up to hold 3 replicas of each shard"));
        ClusterState down = after(four, new ClusterCommand.SetPresence(id("d"), 1, Presence.DOWN, "silent", 5));
        assertThat(Transition.apply(down, intent("a", Intent.DECOMMISSION)).outcome())
                .as("one that is down holds nothing")
                .isInstanceOf(Outcome.Refused.class);
        assertThat(Transition.apply(down, intent("d", Intent.DECOMMISSION)).outcome())
                .as("the one that is down may go")
                .isEqualTo(new Outcome.Done(0));
    }

    @Test
    void anIntentIsForAStoreThatIsThere() {
        ClusterState state = withStores(1, 1, "a", "b");
        assertThat(Transition.apply(state, intent("c", Intent.DRAIN)).outcome()).isInstanceOf(Outcome.Refused.class);
        ClusterState lost = after(placed(withStores(1, 1, "a"), "a"), register(id("a", 2), ""));
        assertThat(Transition.apply(lost, intent("a", Intent.DRAIN)).outcome()).isInstanceOf(Outcome.Refused.class);
    }

    private static ClusterCommand.SetIntent intent(String store, Intent intent) {
        return new ClusterCommand.SetIntent(id(store), intent, "asked for", 9, false);
    }

    @Test
    void thereAreNoMoreStoresThanTheLimit() {
        ClusterState state = initialized(1, 1, 1);
        for (int i = 0; i < Limits.STORES_MAX; i++) {
            state = after(state, register(id("store-" + i), ""));
        }
        assertThat(Transition.apply(state, register(id("one-too-many"), "")).outcome())
                .isInstanceOf(Outcome.Refused.class);
        assertThat(Transition.apply(state, register(id("store-7"), "")).outcome())
                .isEqualTo(new Outcome.Done(2));
    }

    @Test
    void aVerdictOnAnOldProcessIsNotForTheNewOne() {
        ClusterState state = after(withStores(1, 1, "a"), register(id("a"), ""));
        Applied old =
                Transition.apply(state, new ClusterCommand.SetPresence(id("a"), 1, Presence.DOWN, "no heartbeat", 5));
        assertThat(old.outcome()).isInstanceOf(Outcome.Refused.class);
        Applied now =
                Transition.apply(state, new ClusterCommand.SetPresence(id("a"), 2, Presence.DOWN, "no heartbeat", 5));
        assertThat(now.events()).extracting(Event::kind).containsExactly("store_down");
        Applied again = Transition.apply(
                now.state(), new ClusterCommand.SetPresence(id("a"), 2, Presence.DOWN, "no heartbeat", 6));
        assertThat(again.events()).isEmpty();
        assertThat(again.state()).isEqualTo(now.state());
    }

    @Test
    void shardsArePlacedOnceAndOnlyOnDistinctRegisteredStores() {
        ClusterState state = withStores(1, 3, "a", "b", "c");
        assertThat(place(state, "a", "b", "b").outcome()).isInstanceOf(Outcome.Refused.class);
        assertThat(place(state, "a", "b", "stranger").outcome()).isInstanceOf(Outcome.Refused.class);
        assertThat(Transition.apply(state, new ClusterCommand.PlaceShards(List.of(), 1))
                        .outcome())
                .isInstanceOf(Outcome.Refused.class);
        Applied placed = place(state, "a", "b", "c");
        assertThat(placed.outcome()).isInstanceOf(Outcome.Done.class);
        ShardRecord shard = placed.state().shards().get(0);
        assertThat(shard.replicas()).extracting(ReplicaRecord::replica).containsExactly(1L, 2L, 3L);
        assertThat(shard.replicas()).extracting(ReplicaRecord::createOrder).doesNotHaveDuplicates();
        assertThat(shard.nextReplica()).isEqualTo(4);
        assertThat(place(placed.state(), "c", "b", "a").outcome()).isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aPreferenceIsBoundToTheShardItWasDecidedFor() {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c"), "a b c");
        long epoch = state.shards().get(0).epoch();
        ClusterState changed = after(state, new ClusterCommand.SetPreferredLeader(0, epoch, 2, "test", 5));
        assertThat(changed.shards().get(0).preferredLeader()).isEqualTo(2);
        assertThat(Transition.apply(changed, new ClusterCommand.SetPreferredLeader(0, epoch, 3, "test", 6))
                        .outcome())
                .isInstanceOf(Outcome.Refused.class);
        assertThat(Transition.apply(changed, new ClusterCommand.SetPreferredLeader(0, epoch + 1, 9, "test", 6))
                        .outcome())
                .isInstanceOf(Outcome.Refused.class);
    }

    @Test
    void aShardHasOneOperatorAtATimeAndItsIdIsNeverUsedAgain() {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c"), "a b c");
        var start = new ClusterCommand.StartOperator("transfer_leader", 0, 2, 5, "ordered", "test", 5);
        Applied started = Transition.apply(state, start);
        long id = ((Outcome.Done) started.outcome()).number();
        assertThat(Transition.apply(started.state(), start).outcome()).isInstanceOf(Outcome.Refused.class);

        ClusterState stepped = after(started.state(), new ClusterCommand.StepOperator(id, "ordered", "waiting", 6));
        assertThat(Transition.apply(stepped, new ClusterCommand.StepOperator(id, "ordered", "waiting", 6))
                        .outcome())
                .isInstanceOf(Outcome.Refused.class);
        Applied ended = Transition.apply(stepped, new ClusterCommand.EndOperator(id, true, "leads in term 6", 7));
        assertThat(ended.events()).extracting(Event::kind).containsExactly("leader_moved");
        assertThat(Transition.apply(ended.state(), new ClusterCommand.EndOperator(id, true, "again", 8))
                        .outcome())
                .isInstanceOf(Outcome.Refused.class);
        assertThat(Transition.apply(ended.state(), start).outcome()).isEqualTo(new Outcome.Done(id + 2));
    }

    @Test
    void eventsAreNumberedWithoutGapsAndTheirReasonsAreCut() {
        ClusterState state = initialized(1, 1, 1);
        Applied first = Transition.apply(state, new ClusterCommand.RecordEvent("note", "x", "r".repeat(9_999), 5));
        Applied second = Transition.apply(first.state(), new ClusterCommand.RecordEvent("note", "x", "", 6));
        assertThat(first.events().getFirst().reason()).hasSize(Limits.EVENT_REASON_CHARS_MAX);
        assertThat(second.events().getFirst().id())
                .isEqualTo(first.events().getFirst().id() + 1);
    }

    private static Applied place(ClusterState state, String... stores) {
        List<StoreId> ids = List.of(stores).stream()
                .map(dev.ashlar.coordinator.Fixtures::id)
                .toList();
        return Transition.apply(
                state, new ClusterCommand.PlaceShards(List.of(new ClusterCommand.Placement(0, ids)), 4));
    }
}
