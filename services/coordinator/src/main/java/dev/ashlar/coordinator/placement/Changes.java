package dev.ashlar.coordinator.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.ashlar.coordinator.membership.MembersSeen;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ShardRecord;

/**
 * Keeps the map and the running changes of members in step with what the shards' groups have committed.
 *
 * <ol>
 *   <li>A newer committed membership goes into the map, whoever brought it about.
 *   <li>A change moves to the step that {@link ChangeStep} finds, or ends.
 *   <li>A decommissioned store that holds nothing and has stopped is retired.
 * </ol>
 */
public final class Changes {
    private Changes() {}

    public static List<ClusterCommand> decide(ClusterState state, Observed observed, long nowMs, long atMs) {
        List<ClusterCommand> commands = new ArrayList<>();
        for (ShardRecord shard : state.shards().values()) {
            Optional<MembersSeen> seen =
                    observed.members(shard.shard()).filter(members -> members.index() > shard.membersIndex());
            seen.ifPresent(members -> commands.add(
                    new ClusterCommand.ConfirmMembers(shard.shard(), members.index(), members.members(), atMs)));
        }
        for (OperatorRecord operator : state.operators().values()) {
            if (operator.changesMembers()) {
                advance(operator, state, observed, nowMs, atMs).ifPresent(commands::add);
            }
        }
        state.presentStores().stream()
                .filter(store -> store.presence() == Presence.DOWN
                        && store.intent() == Intent.DECOMMISSION
                        && !state.hostsReplicas(store.id()))
                .forEach(store -> commands.add(new ClusterCommand.RetireStore(store.id(), store.incarnation(), atMs)));
        return commands;
    }

    private static Optional<ClusterCommand> advance(
            OperatorRecord operator, ClusterState state, Observed observed, long nowMs, long atMs) {
        return switch (ChangeStep.of(operator, state, observed, nowMs)) {
            case ChangeStep.Over over ->
                Optional.of(new ClusterCommand.EndOperator(operator.id(), over.ok(), over.reason(), atMs));
            case ChangeStep.At at ->
                at.step().equals(operator.step())
                        ? Optional.empty()
                        : Optional.of(new ClusterCommand.StepOperator(operator.id(), operator.step(), at.step(), atMs));
        };
    }
}
