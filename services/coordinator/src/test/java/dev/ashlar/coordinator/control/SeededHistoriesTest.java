package dev.ashlar.coordinator.control;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.ashlar.coordinator.state.Applied;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.StoreRecord;
import dev.ashlar.coordinator.state.Transition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Stores register, die, return and lose disks, shards elect, coordinators fail over, for {@code -Dashlar.histories=N}
 * seeds. A failing seed prints itself; {@code -Dashlar.seed=N} plays it alone.
 */
class SeededHistoriesTest {
    private static final int HISTORIES = Integer.getInteger("ashlar.histories", 300);

    @Test
    void whatMustAlwaysHoldDoesAndLeadersConverge() {
        Long only = Long.getLong("ashlar.seed");
        int placed = 0;
        int transfers = 0;
        int registrations = 0;
        for (long seed = only == null ? 0 : only; seed <= (only == null ? HISTORIES - 1 : only); seed++) {
            SimulatedCluster cluster = play(seed, Transition::apply);
            placed += cluster.isPlaced() ? 1 : 0;
            transfers += cluster.transfers;
            registrations += cluster.registrations();
        }
        if (only == null) {
            // The histories are worth something only when much happens in them.
            assertThat(placed).isGreaterThan(HISTORIES * 9 / 10);
            assertThat(transfers).isGreaterThan(HISTORIES);
            assertThat(registrations).isGreaterThan(HISTORIES * 4);
        }
    }

    static Stream<PlantedBug> plantedBugs() {
        return Stream.of(
                new PlantedBug("an incarnation is handed out twice", SeededHistoriesTest::sameIncarnationAgain),
                new PlantedBug(
                        "a preference is taken and forgotten",
                        (state, command) -> command instanceof ClusterCommand.SetPreferredLeader
                                ? new Applied(state, List.of(), new Applied.Outcome.Done(0))
                                : Transition.apply(state, command)),
                new PlantedBug(
                        "an operator never ends",
                        (state, command) -> command instanceof ClusterCommand.EndOperator
                                ? new Applied(state, List.of(), new Applied.Outcome.Refused("bug"))
                                : Transition.apply(state, command)));
    }

    @ParameterizedTest
    @MethodSource("plantedBugs")
    void aPlantedBugIsFound(PlantedBug bug) {
        assertThatThrownBy(() -> {
                    for (long seed = 0; seed < HISTORIES; seed++) {
                        play(seed, bug.rules());
                    }
                })
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed");
    }

    record PlantedBug(String name, SimulatedCluster.Rules rules) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static SimulatedCluster play(long seed, SimulatedCluster.Rules rules) {
        try {
            SimulatedCluster cluster = new SimulatedCluster(seed, rules);
            cluster.run(120, true);
            cluster.heal();
            cluster.run(240, false);
            cluster.checkConverged();
            return cluster;
        } catch (AssertionError | RuntimeException failed) {
            throw new AssertionError("seed " + seed + ": " + failed, failed);
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
}
