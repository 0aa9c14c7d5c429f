package dev.ashlar.coordinator.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.ashlar.common.StoreId;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;

/**
 * A person wants a store to lead a shard.
 *
 * <ol>
 *   <li>The shard prefers that store from now on, and {@link LeaderMoves} moves the leadership.
 *   <li>In exchange a shard that prefers that store, and has a voter where the first one was led, goes there: so the load
 *       stays even, and {@link LeaderSpread} has no reason to undo what the person wanted.
 * </ol>
 */
public final class ManualTransfer {
    private ManualTransfer() {}

    /** @param to a voter of the shard */
    public static List<ClusterCommand> decide(ClusterState state, ShardRecord shard, ReplicaRecord to, long atMs) {
        List<ClusterCommand> commands = new ArrayList<>();
        if (shard.preferredLeader() == to.replica()) {
            return commands;
        }
        commands.add(prefer(shard, to, "ordered by a person", atMs));
        Optional<StoreId> from = shard.replica(shard.preferredLeader()).map(ReplicaRecord::store);
        if (from.isEmpty()) {
            return commands;
        }
        long loadOfTo = preferring(state, to.store());
        long loadOfFrom = preferring(state, from.get());
        if (loadOfTo + 1 - (loadOfFrom - 1) < 2) {
            return commands;
        }
        for (ShardRecord other : state.shards().values()) {
            Optional<ReplicaRecord> back = voter(other, from.get());
            if (other.shard() != shard.shard() && prefers(other, to.store()) && back.isPresent()) {
                commands.add(prefer(
                        other,
                        back.get(),
                        "in exchange for shard " + shard.shard() + ", which keeps the load even",
                        atMs));
                break;
            }
        }
        return commands;
    }

    /** The voter of a shard on a store. */
    public static Optional<ReplicaRecord> voter(ShardRecord shard, StoreId store) {
        return shard.on(store).filter(replica -> replica.kind() == ReplicaRecord.Kind.VOTER);
    }

    private static long preferring(ClusterState state, StoreId store) {
        return state.shards().values().stream()
                .filter(shard -> prefers(shard, store))
                .count();
    }

    private static boolean prefers(ShardRecord shard, StoreId store) {
        return shard.replica(shard.preferredLeader())
                .filter(replica -> replica.store().equals(store))
                .isPresent();
    }

    private static ClusterCommand prefer(ShardRecord shard, ReplicaRecord replica, String reason, long atMs) {
        return new ClusterCommand.SetPreferredLeader(shard.shard(), shard.epoch(), replica.replica(), reason, atMs);
    }
}
