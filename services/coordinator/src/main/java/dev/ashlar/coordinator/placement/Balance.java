package dev.ashlar.coordinator.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import dev.ashlar.common.StoreId;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.Timing;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * Spreads replicas over zones and stores, so that a store that is added gets its share.
 *
 * <ol>
 *   <li>Only while no shard lacks anything and every store that holds replicas is there: balance can wait.
 *   <li>A replica moves to a zone that holds fewer of its shard's other replicas, when there is one: zones come first.
 *   <li>Else from a store to one that holds at least two fewer, unless its shard would be spread worse over the zones.
 *   <li>Each move lowers the sum of squares over the zones, or leaves that and lowers the one over the stores: so the moves
 *       end, and a difference of one starts none.
 * </ol>
 */
public final class Balance {
    private final ClusterState state;
    private final StoreChoice choice;

    private Balance(ClusterState state, StoreChoice choice) {
        this.state = state;
        this.choice = choice;
    }

    /** The move to start now; at most one at a time, so that each is decided with the one before counted. */
    public static Optional<ClusterCommand> decide(ClusterState state, Observed observed, long nowMs, long atMs) {
        long running = state.operators().values().stream()
                .filter(OperatorRecord::changesMembers)
                .count();
        boolean onlyMoves = state.operators().values().stream()
                .filter(OperatorRecord::changesMembers)
                .allMatch(operator -> operator.kind().equals(OperatorRecord.MOVE));
        if (running >= Timing.MOVES_MAX || !onlyMoves || state.shards().isEmpty()) {
            return Optional.empty();
        }
        if (Repair.isNeeded(state, observed, nowMs)) {
            return Optional.empty();
        }
        Balance balance = new Balance(state, new StoreChoice(state, observed, nowMs));
        List<ShardRecord> free = state.shards().values().stream()
                .filter(shard -> state.operatorOf(shard.shard()).isEmpty())
                .filter(shard ->
                        new ShardFacts(state, shard, observed, nowMs).members().isPresent())
                .filter(shard -> observed.changeNotBeforeMs().getOrDefault(shard.shard(), Long.MIN_VALUE) <= nowMs)
                .toList();
        return balance.zoneMove(free, atMs).or(() -> balance.loadMove(free, atMs));
    }

    private Optional<ClusterCommand> zoneMove(List<ShardRecord> shards, long atMs) {
        for (ShardRecord shard : shards) {
            for (ReplicaRecord voter : shard.voters()) {
                Optional<StoreRecord> to = targets(shard)
                        .filter(store -> zoneGain(shard, voter, store) > 0)
                        .min(Comparator.<StoreRecord>comparingInt(store -> -zoneGain(shard, voter, store))
                                .thenComparingInt(store -> choice.load(store.id()))
                                .thenComparing(store -> store.id().toString()));
                if (to.isPresent()) {
                    return Optional.of(move(
                            shard,
                            voter,
                            to.get().id(),
                            "zone " + to.get().zone() + " holds fewer of its replicas",
                            atMs));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<ClusterCommand> loadMove(List<ShardRecord> shards, long atMs) {
        List<StoreId> byLoad = new ArrayList<>(
                choice.candidates().stream().map(StoreRecord::id).toList());
        byLoad.sort(Comparator.<StoreId>comparingInt(choice::load).reversed().thenComparing(StoreId::toString));
        for (StoreId from : byLoad) {
            Optional<ClusterCommand> move = shards.stream()
                    .filter(shard -> shard.on(from).isPresent())
                    .flatMap(shard -> targets(shard)
                            .filter(to -> choice.load(to.id()) <= choice.load(from) - 2)
                            .filter(to -> zoneGain(shard, shard.on(from).orElseThrow(), to) >= 0)
                            .map(to -> new Move(shard, to)))
                    .min(Comparator.<Move>comparingInt(m -> choice.load(m.to().id()))
                            .thenComparing(m -> m.to().id().toString())
                            .thenComparingInt(m -> leads(m.shard(), from))
                            .thenComparingInt(m -> m.shard().shard()))
                    .map(m -> move(
                            m.shard(),
                            m.shard().on(from).orElseThrow(),
                            m.to().id(),
                            from.name() + " holds " + choice.load(from) + " replicas, "
                                    + m.to().id().name() + " " + choice.load(m.to().id()),
                            atMs));
            if (move.isPresent()) {
                return move;
            }
        }
        return Optional.empty();
    }

    /** A follower moves without a change of leader. */
    private static int leads(ShardRecord shard, StoreId store) {
        return shard.replica(shard.preferredLeader())
                        .filter(replica -> replica.store().equals(store))
                        .isPresent()
                ? 1
                : 0;
    }

    private Stream<StoreRecord> targets(ShardRecord shard) {
        return choice.candidates().stream().filter(store -> choice.isFree(shard, store.id()));
    }

    /** How many replicas of the shard fewer there are in the zone of {@code to} than in the voter's, itself not counted. */
    private int zoneGain(ShardRecord shard, ReplicaRecord voter, StoreRecord to) {
        Map<String, Integer> others = choice.zones(shard, Optional.of(voter));
        String from = state.store(voter.store()).orElseThrow().zone();
        return others.getOrDefault(from, 0) - others.getOrDefault(to.zone(), 0);
    }

    private static ClusterCommand move(ShardRecord shard, ReplicaRecord voter, StoreId to, String reason, long atMs) {
        return new ClusterCommand.StartChange(
                OperatorRecord.MOVE,
                shard.shard(),
                shard.epoch(),
                List.of(to),
                0,
                voter.replica(),
                ChangeStep.CREATING,
                reason,
                atMs);
    }

    private record Move(ShardRecord shard, StoreRecord to) {}
}
