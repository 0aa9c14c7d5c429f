package dev.ashlar.coordinator.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import dev.ashlar.common.StoreId;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.Timing;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * Brings every shard to full strength, and off the stores that are to go.
 *
 * <ol>
 *   <li>A shard is looked at when it has a leader, no operator, a membership that map and group agree on, and did not fail
 *       just now. Those that miss the most voters come first; {@link Timing#CHANGES_MAX} changes run at the same time.
 *   <li>In this order: a voter on a lost disk is rebuilt at once; a damaged voter is removed; a shard with too few voters gets one; one with too many
 *       loses one; a voter whose store is silent for {@code repairAfterMs}, or is silent and to be decommissioned, is
 *       replaced when there is a spare store; a voter on a store that is being decommissioned is moved away.
 *   <li>A learner without an operator is what an ended change left behind: it is made use of for one of these, and
 *       removed when there is none.
 * </ol>
 */
public final class Repair {
    private final ClusterState state;
    private final Observed observed;
    private final long repairAfterMs;
    private final long nowMs;
    private final long atMs;
    private final StoreChoice choice;

    private Repair(ClusterState state, Observed observed, long repairAfterMs, long nowMs, long atMs) {
        this.state = state;
        this.observed = observed;
        this.repairAfterMs = repairAfterMs;
        this.nowMs = nowMs;
        this.atMs = atMs;
        this.choice = new StoreChoice(state, observed, nowMs);
    }

    /** The changes to start now. */
    public static List<ClusterCommand> decide(
            ClusterState state, Observed observed, long repairAfterMs, long nowMs, long atMs) {
        return new Repair(state, observed, repairAfterMs, nowMs, atMs).decide();
    }

    /** Whether some shard lacks something: then nothing is moved for the sake of balance. */
    public static boolean isNeeded(ClusterState state, Observed observed, long nowMs) {
        return state.shards().values().stream().anyMatch(shard -> {
            ShardFacts facts = new ShardFacts(state, shard, observed, nowMs);
            return shard.voters().size() < state.replicasWanted()
                    || shard.voters().size() > state.settings().replicationFactor()
                    || (!shard.learners().isEmpty()
                            && state.operatorOf(shard.shard()).isEmpty())
                    || shard.voters().stream()
                            .anyMatch(
                                    voter -> !facts.isHealthy(voter) || isIntended(facts, voter, Intent.DECOMMISSION));
        });
    }

    private List<ClusterCommand> decide() {
        long running = state.operators().values().stream()
                .filter(OperatorRecord::changesMembers)
                .count();
        List<ShardFacts> shards = state.shards().values().stream()
                .map(shard -> new ShardFacts(state, shard, observed, nowMs))
                .filter(this::isDue)
                .sorted(Comparator.comparingLong(Repair::present)
                        .thenComparingInt(facts -> facts.shard().shard()))
                .toList();
        List<ClusterCommand> commands = new ArrayList<>();
        for (ShardFacts facts : shards) {
            if (running + commands.size() >= Timing.CHANGES_MAX) {
                break;
            }
            change(facts).ifPresent(commands::add);
        }
        return commands;
    }

    private boolean isDue(ShardFacts facts) {
        int shard = facts.shard().shard();
        return facts.leader().isPresent()
                && facts.members().isPresent()
                && state.operatorOf(shard).isEmpty()
                && observed.changeNotBeforeMs().getOrDefault(shard, Long.MIN_VALUE) <= nowMs;
    }

    private static long present(ShardFacts facts) {
        return facts.shard().voters().stream().filter(facts::isUp).count();
    }

    private Optional<ClusterCommand> change(ShardFacts facts) {
        ShardRecord shard = facts.shard();
        Optional<ReplicaRecord> lost =
                shard.voters().stream().filter(facts::isLost).findFirst();
        if (lost.isPresent()) {
            return replace(OperatorRecord.REBUILD, facts, lost.get(), "its disk is lost");
        }
        Optional<ReplicaRecord> damaged = shard.voters().stream()
                .filter(voter -> facts.damage(voter).isPresent())
                .findFirst();
        if (damaged.isPresent()) {
            return damaged.map(voter ->
                    remove(shard, voter, "it is damaged: " + facts.damage(voter).orElseThrow()));
        }
        int wanted = state.replicasWanted();
        if (shard.voters().size() < wanted) {
            return fill(facts, "it has " + shard.voters().size() + " of " + wanted + " replicas");
        }
        if (shard.voters().size() > state.settings().replicationFactor()) {
            return surplus(facts).map(voter -> remove(shard, voter, "a replica too many"));
        }
        Optional<ReplicaRecord> dead =
                shard.voters().stream().filter(voter -> isDead(facts, voter)).findFirst();
        Optional<ReplicaRecord> leaving = shard.voters().stream()
                .filter(voter -> facts.isUp(voter) && isIntended(facts, voter, Intent.DECOMMISSION))
                .findFirst();
        Optional<ClusterCommand> change = dead.flatMap(voter -> replace(
                        OperatorRecord.REPLACE, facts, voter, voter.store().name() + " is gone"))
                .or(() -> leaving.flatMap(voter -> replace(
                        OperatorRecord.EVACUATE, facts, voter, voter.store().name() + " is being decommissioned")));
        return change.or(() ->
                shard.learners().stream().findFirst().map(left -> remove(shard, left, "it is not needed any more")));
    }

    private boolean isDead(ShardFacts facts, ReplicaRecord voter) {
        boolean late = observed.silentMs(voter.store(), nowMs) >= repairAfterMs;
        return !facts.isUp(voter) && (late || isIntended(facts, voter, Intent.DECOMMISSION));
    }

    private static boolean isIntended(ShardFacts facts, ReplicaRecord replica, Intent intent) {
        return facts.storeOf(replica)
                .map(StoreRecord::intent)
                .filter(intent::equals)
                .isPresent();
    }

    private Optional<ClusterCommand> replace(String kind, ShardFacts facts, ReplicaRecord voter, String reason) {
        return withLearner(kind, facts, Optional.of(voter), reason);
    }

    private Optional<ClusterCommand> fill(ShardFacts facts, String reason) {
        return withLearner(OperatorRecord.ADD, facts, Optional.empty(), reason);
    }

    /** Takes a learner that is there, one that is of no use away, or a new one. */
    private Optional<ClusterCommand> withLearner(
            String kind, ShardFacts facts, Optional<ReplicaRecord> leaving, String reason) {
        ShardRecord shard = facts.shard();
        long removes = leaving.map(ReplicaRecord::replica).orElse(0L);
        if (!shard.learners().isEmpty()) {
            ReplicaRecord learner = shard.learners().getFirst();
            return Optional.of(
                    isUsable(facts, learner)
                            ? start(kind, shard, List.of(), learner.replica(), removes, ChangeStep.CREATING, reason)
                            : remove(shard, learner, "its store does not serve"));
        }
        Optional<StoreId> target = choice.choose(shard, leaving);
        target.ifPresent(choice::chosen);
        return target.map(store -> start(kind, shard, List.of(store), 0, removes, ChangeStep.CREATING, reason));
    }

    private static boolean isUsable(ShardFacts facts, ReplicaRecord learner) {
        return facts.isUp(learner) && isIntended(facts, learner, Intent.SERVE);
    }

    /** Whom to do without: who is not there, or is to go, or whose store holds the most. */
    private Optional<ReplicaRecord> surplus(ShardFacts facts) {
        return facts.shard().voters().stream()
                .max(Comparator.<ReplicaRecord>comparingInt(voter -> facts.isHealthy(voter) ? 0 : 1)
                        .thenComparingInt(voter -> isIntended(facts, voter, Intent.DECOMMISSION) ? 1 : 0)
                        .thenComparingInt(voter -> choice.load(voter.store()))
                        .thenComparing(voter -> voter.store().toString()));
    }

    private ClusterCommand remove(ShardRecord shard, ReplicaRecord replica, String reason) {
        return start(OperatorRecord.REMOVE, shard, List.of(), 0, replica.replica(), ChangeStep.REMOVING, reason);
    }

    private ClusterCommand start(
            String kind,
            ShardRecord shard,
            List<StoreId> addOn,
            long replica,
            long removes,
            String step,
            String reason) {
        return new ClusterCommand.StartChange(
                kind, shard.shard(), shard.epoch(), addOn, replica, removes, step, reason, atMs);
    }
}
