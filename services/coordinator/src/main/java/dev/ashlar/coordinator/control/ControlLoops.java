package dev.ashlar.coordinator.control;

import java.util.ArrayList;
import java.util.List;

import dev.ashlar.coordinator.membership.Liveness;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.placement.Balance;
import dev.ashlar.coordinator.placement.Changes;
import dev.ashlar.coordinator.placement.InitialPlacement;
import dev.ashlar.coordinator.placement.LeaderMoves;
import dev.ashlar.coordinator.placement.LeaderSpread;
import dev.ashlar.coordinator.placement.Repair;
import dev.ashlar.coordinator.placement.ReplicaCreation;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;

/**
 * All control loops as one function {@code (state, observed, now) → commands}. An empty answer means that nothing is to be
 * done: a cluster that is well costs no log entry.
 */
public final class ControlLoops {
    private ControlLoops() {}

    /**
     * What is to be done now.
     *
     * @param repairAfterMs silence after which a store's replicas move to a spare one
     * @param nowMs of the monotonic clock that {@code observed} was made with
     * @param atMs wall clock, for the journal
     */
    public static List<ClusterCommand> decide(
            ClusterState state, Observed observed, long repairAfterMs, long nowMs, long atMs) {
        if (!state.initialized()) {
            return List.of();
        }
        List<ClusterCommand> commands = new ArrayList<>(Liveness.decide(state, observed, nowMs, atMs));
        InitialPlacement.decide(state, observed, nowMs, atMs).ifPresent(commands::add);
        ReplicaCreation.decide(state, observed, atMs).ifPresent(commands::add);
        commands.addAll(Changes.decide(state, observed, nowMs, atMs));
        commands.addAll(Repair.decide(state, observed, repairAfterMs, nowMs, atMs));
        Balance.decide(state, observed, nowMs, atMs).ifPresent(commands::add);
        commands.addAll(LeaderSpread.decide(state, observed, nowMs, atMs));
        commands.addAll(LeaderMoves.decide(state, observed, nowMs, atMs));
        return commands;
    }
}
