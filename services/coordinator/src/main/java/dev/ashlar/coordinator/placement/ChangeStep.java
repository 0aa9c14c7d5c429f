package dev.ashlar.coordinator.placement;

import java.util.Optional;

import dev.ashlar.coordinator.membership.MembersSeen;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.Timing;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * Where a change of a shard's members stands. Derived anew each time from what the shard's group has committed, so a change
 * goes on wherever it was left, by whomever: after the death of a store or of the coordinator that began it, and also when
 * an order took effect after everybody had given it up.
 *
 * <ol>
 *   <li>A lost disk never votes again: it is removed before anything else.
 *   <li>The new replica is created, added as a learner, and catches up.
 *   <li>A voter that is not there is removed before the learner is promoted: so the quorum never counts one dead voter more.
 *       A voter that is there goes last: so the shard never has fewer healthy voters than before.
 *   <li>A learner that was never added is done without only when the leader has since reported that no change of members is
 *       under way: an order to add it may have been given up before it took effect.
 *   <li>A change whose cause is gone (the silent store is back, the decommission was taken back) ends, and so does one
 *       whose step takes too long or whose new replica is lost. What it leaves behind is a learner without an operator,
 *       which {@link Repair} makes use of or removes.
 * </ol>
 */
sealed interface ChangeStep {
    String CREATING = "creating";
    String ADDING = "adding";
    String CATCHING_UP = "catching_up";
    String PROMOTING = "promoting";
    String REMOVING = "removing";

    /** It stands at this step. */
    record At(String step) implements ChangeStep {}

    /** It is over. */
    record Over(boolean ok, String reason) implements ChangeStep {}

    static ChangeStep of(OperatorRecord operator, ClusterState state, Observed observed, long nowMs) {
        ShardRecord shard = state.shards().get(operator.shard());
        if (shard == null) {
            return new Over(false, "the shard is gone");
        }
        ShardFacts facts = new ShardFacts(state, shard, observed, nowMs);
        Optional<ReplicaRecord> added = shard.replica(operator.replica());
        Optional<ReplicaRecord> removed = shard.replica(operator.removes());
        if (operator.replica() != 0 && added.isEmpty()) {
            return new Over(false, "the new replica is no member any more");
        }
        Optional<String> useless = useless(operator, facts, added, removed, observed, nowMs);
        if (useless.isPresent()) {
            return new Over(false, useless.get());
        }
        long tookMs = nowMs - observed.operatorsSinceMs().getOrDefault(operator.order(), nowMs);
        long limitMs = operator.step().equals(CATCHING_UP) ? Timing.CATCH_UP_TIMEOUT_MS : Timing.STEP_TIMEOUT_MS;
        if (tookMs >= limitMs) {
            return new Over(false, operator.step() + " was not done in " + limitMs / 1_000 + " s");
        }
        return facts.members()
                .map(members -> next(facts, members, added, removed, tookMs))
                .orElseGet(() -> new At(operator.step()));
    }

    private static ChangeStep next(
            ShardFacts facts,
            MembersSeen members,
            Optional<ReplicaRecord> added,
            Optional<ReplicaRecord> removed,
            long tookMs) {
        if (removed.filter(facts::isLost).isPresent()
                && members.names(removed.get().replica())) {
            return new At(REMOVING);
        }
        if (added.filter(replica -> replica.kind() == ReplicaRecord.Kind.LEARNER)
                .isPresent()) {
            ReplicaRecord learner = added.get();
            if (!learner.created()) {
                return new At(CREATING);
            }
            if (!members.names(learner.replica())) {
                return new At(ADDING);
            }
            if (!facts.isCaughtUp(learner)) {
                return new At(CATCHING_UP);
            }
            return new At(removed.filter(replica -> !facts.isUp(replica)).isPresent() ? REMOVING : PROMOTING);
        }
        return removed.filter(replica -> members.names(replica.replica()) || mayStillJoin(replica, facts, tookMs))
                        .isPresent()
                ? new At(REMOVING)
                : new Over(true, "done");
    }

    /** Whether an order to add this learner, that was given up, could still take effect. The leader's next reports tell. */
    private static boolean mayStillJoin(ReplicaRecord learner, ShardFacts facts, long tookMs) {
        return learner.kind() == ReplicaRecord.Kind.LEARNER && (tookMs < Timing.FRESH_MS || !facts.isAtRest());
    }

    /** Why there is no point in going on; empty when there is. A new voter is gone on with as long as it is there. */
    private static Optional<String> useless(
            OperatorRecord operator,
            ShardFacts facts,
            Optional<ReplicaRecord> added,
            Optional<ReplicaRecord> removed,
            Observed observed,
            long nowMs) {
        if (added.filter(facts::isLost).isPresent()) {
            return Optional.of("the new replica's disk is lost");
        }
        if (added.filter(replica -> replica.kind() == ReplicaRecord.Kind.LEARNER)
                .isEmpty()) {
            return Optional.empty();
        }
        ReplicaRecord learner = added.get();
        Optional<StoreRecord> target = facts.storeOf(learner);
        String name = learner.store().name();
        if (target.filter(store -> store.intent() == Intent.DECOMMISSION).isPresent()) {
            return Optional.of(name + " is being decommissioned");
        }
        if (observed.silentMs(learner.store(), nowMs) >= Timing.STEP_TIMEOUT_MS) {
            return Optional.of(name + " is silent");
        }
        Optional<StoreRecord> from = removed.flatMap(facts::storeOf);
        boolean serves = from.filter(store -> store.presence() == Presence.UP && store.intent() == Intent.SERVE)
                .flatMap(store -> observed.store(store.id())
                        .filter(seen -> seen.incarnation() == store.incarnation() && seen.freshAt(nowMs)))
                .isPresent();
        return switch (operator.kind()) {
            case OperatorRecord.REPLACE -> serves ? Optional.of(from.get().id().name() + " is back") : Optional.empty();
            case OperatorRecord.EVACUATE ->
                serves ? Optional.of(from.get().id().name() + " is to serve again") : Optional.empty();
            default -> Optional.empty();
        };
    }
}
