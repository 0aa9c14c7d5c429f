package dev.ashlar.coordinator.placement;

import java.util.Optional;

import dev.ashlar.common.StoreId;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.ShardRecord;

/** Whether there is a store that a replica could move to, by the rule that {@link Repair} goes by. */
public final class Spares {
    private final StoreChoice choice;

    public Spares(ClusterState state, Observed observed, long nowMs) {
        this.choice = new StoreChoice(state, observed, nowMs);
    }

    /** A store that could hold one more replica of the shard; empty when there is none now. */
    public Optional<StoreId> forShard(ShardRecord shard) {
        return choice.choose(shard, Optional.empty());
    }
}
