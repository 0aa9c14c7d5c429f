package dev.ashlar.coordinator.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.coordinator.membership.LeaderSeen;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.Timing;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;

/**
 * Moves the leaderships of shards to their preferred replicas.
 *
 * <ol>
 *   <li>A transfer starts when the shard has had one leader for {@link Timing#STEADY_MS}, the preferred replica is another
 *       one, its store is steady and ready, follows this very leader and lacks few entries, no operator runs on the shard, fewer
 *       than {@link Timing#TRANSFERS_MAX} run at all, and the shard's last transfer did not fail just now.
 *   <li>A transfer ends well when the target leads, and as failed when somebody else leads by a newer term, when the target's
 *       store is about to stop, or after {@link Timing#TRANSFER_TIMEOUT_MS}.
 * </ol>
 *
 * <p>Leadership moves only towards preferences, and preferences do not depend on who leads: so the moves end.
 */
public final class LeaderMoves {
    private LeaderMoves() {}

    public static List<ClusterCommand> decide(ClusterState state, Observed observed, long nowMs, long atMs) {
        List<ClusterCommand> commands = new ArrayList<>();
        int running = 0;
        for (OperatorRecord operator : state.operators().values()) {
            if (operator.kind().equals(OperatorRecord.TRANSFER_LEADER)) {
                Optional<ClusterCommand> end = end(state, operator, observed, nowMs, atMs);
                end.ifPresent(commands::add);
                running += end.isPresent() ? 0 : 1;
            }
        }
        for (ShardRecord shard : state.shards().values()) {
            if (running >= Timing.TRANSFERS_MAX) {
                break;
            }
            Optional<ClusterCommand> start = start(state, shard, observed, nowMs, atMs);
            start.ifPresent(commands::add);
            running += start.isPresent() ? 1 : 0;
        }
        return commands;
    }

    private static Optional<ClusterCommand> end(
            ClusterState state, OperatorRecord operator, Observed observed, long nowMs, long atMs) {
        Optional<LeaderSeen> leader = observed.leader(operator.shard(), nowMs);
        if (leader.filter(l -> l.replica() == operator.replica()).isPresent()) {
            return Optional.of(new ClusterCommand.EndOperator(
                    operator.id(), true, "leads in term " + leader.get().term(), atMs));
        }
        if (leader.filter(l -> l.term() > operator.term()).isPresent()) {
            return Optional.of(new ClusterCommand.EndOperator(
                    operator.id(),
                    false,
                    "another replica was elected in term " + leader.get().term(),
                    atMs));
        }
        Optional<ReplicaRecord> stopping = Optional.ofNullable(state.shards().get(operator.shard()))
                .flatMap(shard -> shard.replica(operator.replica()))
                .filter(target -> observed.store(target.store())
                        .filter(seen -> !seen.state().equals("up"))
                        .isPresent());
        if (stopping.isPresent()) {
            return Optional.of(new ClusterCommand.EndOperator(
                    operator.id(), false, stopping.get().store().name() + " is about to stop", atMs));
        }
        long sinceMs = observed.operatorsSinceMs().getOrDefault(operator.id(), nowMs);
        return nowMs - sinceMs < Timing.TRANSFER_TIMEOUT_MS
                ? Optional.empty()
                : Optional.of(new ClusterCommand.EndOperator(
                        operator.id(), false, "not done in " + Timing.TRANSFER_TIMEOUT_MS / 1_000 + " s", atMs));
    }

    private static Optional<ClusterCommand> start(
            ClusterState state, ShardRecord shard, Observed observed, long nowMs, long atMs) {
        Optional<ReplicaRecord> target = shard.replica(shard.preferredLeader());
        Optional<LeaderSeen> leader = observed.leader(shard.shard(), nowMs)
                .filter(l -> l.replica() != shard.preferredLeader() && nowMs - l.sinceMs() >= Timing.STEADY_MS);
        if (target.isEmpty()
                || leader.isEmpty()
                || state.operatorOf(shard.shard()).isPresent()
                || observed.transferNotBeforeMs().getOrDefault(shard.shard(), Long.MIN_VALUE) > nowMs
                || !mayTakeOver(shard.shard(), target.get(), leader.get(), observed, nowMs)) {
            return Optional.empty();
        }
        String from = shard.replica(leader.get().replica())
                .map(replica -> replica.store().name())
                .orElse("replica " + leader.get().replica());
        return Optional.of(new ClusterCommand.StartOperator(
                OperatorRecord.TRANSFER_LEADER,
                shard.shard(),
                shard.preferredLeader(),
                leader.get().term(),
                "ordered",
                from + " leads, which is not the preferred leader",
                atMs));
    }

    /** Whether the target can lead at once: writes wait while a leadership moves. */
    static boolean mayTakeOver(int shard, ReplicaRecord target, LeaderSeen leader, Observed observed, long nowMs) {
        Optional<ReplicaReport> report = ReplicaCreation.report(observed, shard, target);
        return target.kind() == ReplicaRecord.Kind.VOTER
                && observed.store(target.store())
                        .filter(s -> s.steadyAt(nowMs) && !s.readiness().equals("starting"))
                        .isPresent()
                && report.filter(r -> r.role().equals("follower")
                                && r.term() == leader.term()
                                && r.leaderReplica() == leader.replica()
                                && leader.commitIndex() - r.appliedIndex() <= Timing.TRANSFER_LAG_ENTRIES_MAX)
                        .isPresent();
    }
}
