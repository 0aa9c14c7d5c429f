package dev.ashlar.coordinator.view;

import java.util.ArrayList;
import java.util.List;

import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.placement.Spares;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * Decommissions that do not get on by themselves: stores went away after the order was taken, so that a shard has nowhere to
 * go. Said with what a person can do about it, or the store would be "decommissioning" for ever and nobody knew why.
 */
final class StuckDecommission {
    private StuckDecommission() {}

    /** One line for each store that cannot be emptied. */
    static List<String> of(ClusterState state, Observed observed, long nowMs) {
        Spares spares = new Spares(state, observed, nowMs);
        List<String> lines = new ArrayList<>();
        for (StoreRecord store : state.stores().values()) {
            if (store.intent() != Intent.DECOMMISSION || store.presence() == Presence.LOST) {
                continue;
            }
            List<Integer> held = state.shards().values().stream()
                    .filter(shard -> isHeld(state, spares, shard, store))
                    .map(ShardRecord::shard)
                    .toList();
            if (!held.isEmpty()) {
                String name = store.id().name();
                lines.add(name
                        + " is being decommissioned, but no other store that is up and serves has room for its replica of "
                        + (held.size() == 1 ? "shard " + held.getFirst() : held.size() + " shards")
                        + ": bring another store, or keep this one with `ashlar undrain " + name + "`");
            }
        }
        return lines;
    }

    private static boolean isHeld(ClusterState state, Spares spares, ShardRecord shard, StoreRecord store) {
        return shard.on(store.id()).isPresent()
                && state.operatorOf(shard.shard()).isEmpty()
                && shard.voters().size() <= state.replicasWanted()
                && spares.forShard(shard).isEmpty();
    }
}
