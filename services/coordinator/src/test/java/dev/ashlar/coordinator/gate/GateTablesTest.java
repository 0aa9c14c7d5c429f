package dev.ashlar.coordinator.gate;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.ashlar.common.Limits;
import dev.ashlar.common.cluster.GateAnswer;
import dev.ashlar.coordinator.membership.Timing;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.Presence;

import static dev.ashlar.coordinator.Fixtures.NOW;
import static dev.ashlar.coordinator.Fixtures.id;
import static dev.ashlar.coordinator.Fixtures.initialized;
import static dev.ashlar.coordinator.Fixtures.placed;
import static dev.ashlar.coordinator.Fixtures.register;
import static dev.ashlar.coordinator.Fixtures.withStores;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/** What the gate says of store-0 to store-3; each has two of three shards or more. */
class GateTablesTest {
    private static final String SOUND = "";

    static Scene sound() {
        return new Scene(placed(
                withStores(3, 3, "store-0", "store-1", "store-2", "store-3"),
                "store-0 store-1 store-2",
                "store-1 store-2 store-3",
                "store-2 store-3 store-0"));
    }

    static Stream<Arguments> stores() {
        return Stream.of(
                row("all is well", "store-0", SOUND, scene -> {}),
                row("another store is down", "store-0", "shards 0, 1: store-1 is down", down("store-1")),
                row("it is down itself, the others are whole", "store-1", SOUND, down("store-1")),
                row(
                        "it is down itself, and its shards elect",
                        "store-2",
                        "shard 2: no leader",
                        down("store-2").andThen(scene -> scene.leaderless.add(2))),
                row(
                        "two are down",
                        "store-1",
                        "shards 1, 2: store-3 is down",
                        down("store-1").andThen(down("store-3"))),
                row(
                        "silent, but not long enough to be called down",
                        "store-0",
                        "shards 0, 1: store-1 is down",
                        scene -> scene.silentSinceMs.put("store-1", NOW - Timing.FRESH_MS - 1_000)),
                row(
                        "a disk is lost",
                        "store-0",
                        "shards 0, 1: store-1 lost its disk 0000000000000001",
                        lost("store-1")),
                row("its own disk is lost", "store-1", "shards 0, 1: store-1 lost its disk", lost("store-1")),
                row("a shard has no leader", "store-0", "shard 1: no leader", scene -> scene.leaderless.add(1)),
                row(
                        "a replica does not run",
                        "store-0",
                        "shards 1, 2: the replica on store-3 does not run",
                        scene -> scene.notRunning.add("store-3")),
                row(
                        "a replica lags at the limit",
                        "store-0",
                        SOUND,
                        scene -> scene.lagEntries.put("store-3", Limits.GATE_LAG_ENTRIES_MAX)),
                row(
                        "a replica lags beyond it",
                        "store-0",
                        "shards 1, 2: the replica on store-3 is 5001 entries behind",
                        scene -> scene.lagEntries.put("store-3", Limits.GATE_LAG_ENTRIES_MAX + 1)),
                row(
                        "its own replica lags",
                        "store-3",
                        SOUND,
                        scene -> scene.lagEntries.put("store-3", Limits.GATE_LAG_ENTRIES_MAX + 1)),
                row(
                        "an operator runs",
                        "store-0",
                        "operator 10 runs: transfer_leader of shard 1, ordered",
                        scene -> scene.apply(new ClusterCommand.StartOperator(
                                OperatorRecord.TRANSFER_LEADER, 1, 2, 5, "ordered", "a test", 9))),
                row(
                        "another one stops",
                        "store-0",
                        "store-1 is stopping",
                        scene -> scene.word.put("store-1", "draining")),
                row("it stops itself", "store-1", SOUND, scene -> scene.word.put("store-1", "draining")),
                row(
                        "another one is back a moment",
                        "store-0",
                        "store-1 is starting",
                        scene -> scene.upSinceMs.put("store-1", NOW - 2_000)),
                row(
                        "another one is not ready",
                        "store-0",
                        "store-1 is starting",
                        scene -> scene.readiness.put("store-1", "starting")),
                row("it is not ready itself", "store-1", SOUND, scene -> scene.readiness.put("store-1", "starting")),
                row(
                        "a store of an older version tells nothing of readiness",
                        "store-0",
                        SOUND,
                        scene -> scene.readiness.put("store-1", "")),
                row("two versions", "store-0", SOUND, version("store-3", "0.2.0", 2)),
                row(
                        "three versions",
                        "store-0",
                        "the other stores run more than two versions: 0.1.0, 0.2.0, 0.3.0",
                        version("store-3", "0.2.0", 1).andThen(version("store-2", "0.3.0", 1))),
                row(
                        "three versions, and it is the odd one",
                        "store-3",
                        SOUND,
                        version("store-3", "0.2.0", 1).andThen(version("store-2", "0.3.0", 1))),
                row(
                        "formats two steps apart",
                        "store-0",
                        "data formats of the other stores are more than one step apart: 1 to 3",
                        version("store-3", "0.2.0", 3)),
                row("an alarm", "store-0", "store-3: replica_unusable:1", alarm("store-3", "replica_unusable:1")),
                row("its own replica is unusable", "store-3", SOUND, alarm("store-3", "replica_unusable:1")),
                row("its own disk is full", "store-3", "store-3: disk_full", alarm("store-3", "disk_full")),
                row(
                        "a new leader of the coordinators",
                        "store-0",
                        "a new coordinator leads",
                        scene -> scene.leadingSinceMs = NOW - 3_000),
                row(
                        "a coordinator is silent",
                        "store-0",
                        "coordinator-1 (coordinator) does not answer",
                        scene -> scene.silentCoordinators = List.of("coordinator-1")),
                row(
                        "a coordinator is behind",
                        "store-0",
                        "coordinator-2 (coordinator) is 6000 entries behind",
                        scene -> scene.coordinatorLag = Map.of("coordinator-2", 6_000L)),
                row(
                        "the coordinators' disk is full",
                        "store-0",
                        "the disk of the leading coordinator is full",
                        scene -> scene.coordinatorDiskFull = true));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("stores")
    void aStoreMayBeRestartedWhenAllOthersAreWhole(String what, String name, String reason, Consumer<Scene> trouble) {
        Scene scene = sound();
        trouble.accept(scene);
        expect(scene.askStore(name), reason);
    }

    @Test
    void aShardWithTwoVotersOrOneCannotSpareAny() {
        Scene two = new Scene(placed(withStores(1, 2, "store-0", "store-1"), "store-0 store-1"));
        expect(two.askStore("store-1"), "shard 0: of 2 voters none may be missing: no majority would be left");
        Scene one = new Scene(placed(withStores(1, 1, "store-0"), "store-0"));
        expect(one.askStore("store-0"), "shard 0: of 1 voter none may be missing: no majority would be left");
        down("store-1").accept(two);
        expect(two.askStore("store-1"), SOUND);
    }

    @Test
    void aShardThatHasFewerVotersThanTheClusterWasSetUpWithHolds() {
        ClusterState state = withStores(1, 3, "store-0", "store-1", "store-2", "store-3");
        Scene scene = new Scene(placed(state, "store-0 store-1"));
        expect(scene.askStore("store-3"), "shard 0: 2 of 3 voters");
    }

    @Test
    void aClusterThatHasGrownIsMeasuredByWhatRepairWants() {
        ClusterState state = placed(withStores(1, 3, "store-0"), "store-0");
        Scene grown = new Scene(state);
        grown.apply(register(id("store-1"), ""), register(id("store-2"), ""));
        expect(grown.askStore("store-1"), "shard 0: 1 of 3 voters");
        assertThat(grown.latchOf("store-1").missing()).containsExactly("shard 0: 1 of 3 voters");
    }

    @Test
    void beforeShardsArePlacedThereIsNothingToLose() {
        Scene scene = new Scene(withStores(3, 3, "store-0", "store-1"));
        expect(scene.askStore("store-0"), SOUND);
        scene.silentCoordinators = List.of("coordinator-0");
        expect(scene.askStore("store-0"), "coordinator-0 (coordinator) does not answer");
    }

    @Test
    void aStoreThatIsNotThereHasNoGate() {
        Scene scene = sound();
        assertThat(Gate.ofStore(scene.state, scene.observed(), scene.coordinators(), "store-4", NOW))
                .isEmpty();
        assertThat(Gate.ofStore(initialized(1, 1, 1), scene.observed(), scene.coordinators(), "store-0", NOW))
                .isEmpty();
        assertThat(Gate.ofCoordinator(scene.coordinators(), "coordinator-3")).isEmpty();
    }

    @Test
    void aCoordinatorMayBeRestartedWhenTheOthersAreWhole() {
        Scene scene = sound();
        down("store-1").andThen(down("store-2")).accept(scene);
        expect(scene.askCoordinator("coordinator-0"), SOUND);
        scene.silentCoordinators = List.of("coordinator-1");
        expect(scene.askCoordinator("coordinator-0"), "coordinator-1 (coordinator) does not answer");
        expect(scene.askCoordinator("coordinator-1"), SOUND);
        scene.coordinatorLearners = List.of("coordinator-1");
        scene.coordinatorVoters = List.of("coordinator-0", "coordinator-2");
        expect(scene.askCoordinator("coordinator-0"), "coordinator-1 (coordinator) does not vote yet");
        expect(scene.askStore("store-3"), "coordinator-1 (coordinator) does not vote yet");
        scene.coordinatorLearners = List.of();
        scene.coordinatorVoters = List.of("coordinator-0", "coordinator-1", "coordinator-2");
        scene.coordinatorLag = Map.of("coordinator-2", 5_001L);
        expect(scene.askCoordinator("coordinator-1"), "coordinator-2 (coordinator) is 5001 entries behind");
    }

    private static void expect(GateAnswer answer, String reason) {
        if (reason.isEmpty()) {
            assertThat(answer).isEqualTo(new GateAnswer(GateAnswer.PROCEED, List.of()));
        } else {
            assertThat(answer.verdict()).isEqualTo(GateAnswer.HOLD);
            assertThat(answer.reasons()).anyMatch(line -> line.contains(reason));
        }
    }

    private static Arguments row(String what, String name, String reason, Consumer<Scene> trouble) {
        return arguments(what, name, reason, trouble);
    }

    static Consumer<Scene> down(String name) {
        return scene -> {
            scene.silentSinceMs.put(name, NOW - 15_000);
            scene.apply(new ClusterCommand.SetPresence(
                    id(name), scene.state.store(id(name)).orElseThrow().incarnation(), Presence.DOWN, "a test", 9));
        };
    }

    static Consumer<Scene> lost(String name) {
        return scene -> scene.apply(register(id(name, 2), ""));
    }

    private static Consumer<Scene> version(String name, String version, int format) {
        return scene -> scene.apply(
                new ClusterCommand.RegisterStore(id(name), "", name + ":8080", name + ":8090", version, format, 9));
    }

    private static Consumer<Scene> alarm(String name, String alarm) {
        return scene -> scene.alarms.put(name, List.of(alarm));
    }
}
