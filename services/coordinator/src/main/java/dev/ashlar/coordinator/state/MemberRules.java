package dev.ashlar.coordinator.state;

import java.util.List;
import java.util.Optional;

import dev.ashlar.common.StoreId;

/** When the members of shards may change, and when a store may be forgotten. Pure, part of {@link Transition}. */
final class MemberRules {
    private MemberRules() {}

    /** Why a change may not start; empty when it may. */
    static Optional<String> refusal(ClusterState state, ClusterCommand.StartChange c) {
        ShardRecord shard = state.shards().get(c.shard());
        if (shard == null || shard.epoch() != c.epoch()) {
            return Optional.of("shard " + c.shard() + " has changed since, or is not there");
        }
        if (state.operatorOf(c.shard()).isPresent()) {
            return Optional.of("shard " + c.shard() + " has an operator already");
        }
        if ((c.replica() != 0 && shard.replica(c.replica()).isEmpty())
                || (c.removes() != 0 && shard.replica(c.removes()).isEmpty())) {
            return Optional.of("shard " + c.shard() + " has no such replica");
        }
        return c.addOn().stream()
                .filter(store -> !isPlaceFor(state, shard, store))
                .findFirst()
                .map(store -> "shard " + c.shard() + " cannot get a replica on " + store);
    }

    /** A store name has one replica of a shard, but a lost disk of the same name may still be a member. */
    private static boolean isPlaceFor(ClusterState state, ShardRecord shard, StoreId store) {
        return isThere(state, store)
                && shard.replicas().stream()
                        .map(ReplicaRecord::store)
                        .noneMatch(other ->
                                other.equals(store) || (other.name().equals(store.name()) && isThere(state, other)));
    }

    private static boolean isThere(ClusterState state, StoreId store) {
        return state.store(store)
                .filter(record -> record.presence() != Presence.LOST)
                .isPresent();
    }

    /** Lost disks that host nothing, and whose incarnation a later disk of the name has surpassed. */
    static List<StoreId> forgettable(ClusterState state) {
        return state.stores().values().stream()
                .filter(store -> store.presence() == Presence.LOST
                        && state.highestIncarnation(store.id().name()) > store.incarnation()
                        && !state.hostsReplicas(store.id()))
                .map(StoreRecord::id)
                .toList();
    }

    static boolean mayRetire(ClusterState state, ClusterCommand.RetireStore c) {
        return state.store(c.store())
                        .filter(store -> store.incarnation() == c.incarnation()
                                && store.presence() == Presence.DOWN
                                && store.intent() == Intent.DECOMMISSION)
                        .isPresent()
                && !state.hostsReplicas(c.store());
    }

    /** Stores that must be left so that no shard gets fewer replicas than it was placed with, or has. */
    static int replicasNeeded(ClusterState state) {
        return Math.max(
                state.settings().replicasPerShard(),
                state.shards().values().stream()
                        .mapToInt(shard ->
                                Math.min(shard.voters().size(), state.settings().replicationFactor()))
                        .max()
                        .orElse(0));
    }
}
