package dev.ashlar.coordinator.view;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.Presence;

import static dev.ashlar.coordinator.Fixtures.NOW;
import static dev.ashlar.coordinator.Fixtures.after;
import static dev.ashlar.coordinator.Fixtures.id;
import static dev.ashlar.coordinator.Fixtures.placed;
import static dev.ashlar.coordinator.Fixtures.steady;
import static dev.ashlar.coordinator.Fixtures.steadyBut;
import static dev.ashlar.coordinator.Fixtures.withStores;
import static org.assertj.core.api.Assertions.assertThat;

class StuckDecommissionTest {
    private static final String WHAT_TO_DO =
            "store-0 is being decommissioned, but no other store that is up and serves has"
                    + " room for its replica of shard 0: bring another store, or keep this one with `ashlar undrain store-0`";

    @Test
    void aStoreThatCannotBeEmptiedIsNamedWithWhatToDo() {
        ClusterState leaving = after(
                placed(withStores(1, 2, "store-0", "store-1", "store-2"), "store-0 store-1"),
                new ClusterCommand.SetIntent(id("store-0"), Intent.DECOMMISSION, "asked for", 4, false));
        assertThat(problems(leaving, steady(leaving, "store-0")))
                .as("store-2 takes it")
                .isEmpty();

        ClusterState alone =
                after(leaving, new ClusterCommand.SetPresence(id("store-2"), 1, Presence.DOWN, "silent", 5));
        Observed silent = steadyBut(alone, "store-2", "store-0");
        assertThat(problems(alone, silent)).containsExactly("store-2 is down", WHAT_TO_DO);

        ClusterState stays =
                after(alone, new ClusterCommand.SetIntent(id("store-0"), Intent.SERVE, "asked for", 6, false));
        assertThat(problems(stays, silent)).containsExactly("store-2 is down");
    }

    private static List<String> problems(ClusterState state, Observed observed) {
        return Health.of(state, observed, List.of(), NOW).problems();
    }
}
