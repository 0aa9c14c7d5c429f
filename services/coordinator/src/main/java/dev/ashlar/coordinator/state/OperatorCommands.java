package dev.ashlar.coordinator.state;

import java.util.Optional;

import dev.ashlar.common.StoreId;
import dev.ashlar.coordinator.state.Applied.Outcome;

/**
 * What happens to operators: they start, at most one per shard ({@link MemberRules} says which changes of members may), step
 * and end. One that adds a replica begins by naming it in the map, with a number that was never used.
 *
 * <p>Pure, for one command: a part of {@link Transition}.
 */
final class OperatorCommands {
    private final Draft draft;
    private final ShardCommands shardCommands;

    OperatorCommands(Draft draft, ShardCommands shardCommands) {
        this.draft = draft;
        this.shardCommands = shardCommands;
    }

    Outcome start(ClusterCommand.StartOperator c) {
        ShardRecord shard = draft.shards.get(c.shard());
        if (shard == null || shard.replica(c.replica()).isEmpty()) {
            return new Outcome.Refused("shard " + c.shard() + " has no replica " + c.replica());
        }
        if (draft.before().operatorOf(c.shard()).isPresent()) {
            return new Outcome.Refused("shard " + c.shard() + " has an operator already");
        }
        long id = draft.takeOrder();
        draft.operators.put(
                id,
                new OperatorRecord(
                        id, c.kind(), c.shard(), c.replica(), c.term(), c.step(), c.reason(), c.atMs(), 0, id));
        draft.event(
                "operator_started",
                "shard " + c.shard(),
                c.kind() + " to " + shard.nameOf(c.replica()) + ": " + c.reason());
        return new Outcome.Done(id);
    }

    Outcome startChange(ClusterCommand.StartChange c) {
        Optional<String> refusal = MemberRules.refusal(draft.before(), c);
        if (refusal.isPresent()) {
            return new Outcome.Refused(refusal.get());
        }
        ShardRecord shard = draft.shards.get(c.shard());
        long id = draft.takeOrder();
        long replica = c.replica();
        String target = replica == 0 ? "" : " on " + shard.nameOf(replica);
        if (!c.addOn().isEmpty()) {
            StoreId store = c.addOn().getFirst();
            replica = shard.nextReplica();
            target = " on " + store.name();
            draft.shards.put(c.shard(), shard.withNewLearner(store, draft.takeOrder()));
            draft.mapChanged();
        }
        draft.operators.put(
                id,
                new OperatorRecord(
                        id, c.kind(), c.shard(), replica, 0, c.step(), c.reason(), c.atMs(), c.removes(), id));
        draft.event(
                "operator_started",
                "shard " + c.shard(),
                c.kind() + target + (c.removes() == 0 ? "" : " instead of " + shard.nameOf(c.removes())) + ": "
                        + c.reason());
        return new Outcome.Done(id);
    }

    Outcome step(ClusterCommand.StepOperator c) {
        OperatorRecord operator = draft.operators.get(c.id());
        if (operator == null || !operator.step().equals(c.from())) {
            return new Outcome.Refused("operator " + c.id() + " is not at step " + c.from());
        }
        draft.operators.put(c.id(), operator.withStep(c.to(), draft.takeOrder()));
        draft.event("operator_stepped", "shard " + operator.shard(), operator.kind() + ": " + c.to());
        return new Outcome.Done(0);
    }

    Outcome end(ClusterCommand.EndOperator c) {
        OperatorRecord operator = draft.operators.remove(c.id());
        if (operator == null) {
            return new Outcome.Refused("operator " + c.id() + " is not running");
        }
        String kind = !c.ok()
                ? "operator_failed"
                : operator.kind().equals(OperatorRecord.TRANSFER_LEADER) ? "leader_moved" : "operator_done";
        ShardRecord shard = draft.shards.get(operator.shard());
        if (c.ok() && operator.kind().equals(OperatorRecord.REMOVE) && shard != null) {
            shardCommands.dropLearner(shard, operator.removes());
        }
        String target = shard == null || operator.replica() == 0 ? "" : " to " + shard.nameOf(operator.replica());
        draft.event(kind, "shard " + operator.shard(), operator.kind() + target + ": " + c.reason());
        return new Outcome.Done(0);
    }
}
