package dev.ashlar.coordinator.state;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.ashlar.common.StoreId;
import dev.ashlar.coordinator.state.Applied.Outcome;

/**
 * What happens to the map of shards: they are placed, their replicas come into being, a leader is preferred, and the members
 * follow what the shard's group has committed. A disk that is lost is forgotten when the last replica on it has left the map.
 *
 * <p>Pure, for one command: a part of {@link Transition}.
 */
final class ShardCommands {
    private final Draft draft;

    ShardCommands(Draft draft) {
        this.draft = draft;
    }

    Outcome place(ClusterCommand.PlaceShards c) {
        if (!draft.shards.isEmpty()) {
            return new Outcome.Refused("the shards are placed already");
        }
        if (c.placements().size() != draft.before().settings().shards()) {
            return new Outcome.Refused("a map of " + draft.before().settings().shards() + " shards cannot have "
                    + c.placements().size());
        }
        for (int i = 0; i < c.placements().size(); i++) {
            ClusterCommand.Placement placement = c.placements().get(i);
            Set<StoreId> distinct = new HashSet<>(placement.stores());
            if (placement.shard() != i
                    || distinct.isEmpty()
                    || distinct.size() != placement.stores().size()
                    || !distinct.stream().allMatch(id -> draft.stores.containsKey(id.toString()))) {
                return new Outcome.Refused("shard " + i + " is not placed on distinct, registered stores");
            }
        }
        c.placements().forEach(this::placeShard);
        draft.mapChanged();
        return new Outcome.Done(0);
    }

    private void placeShard(ClusterCommand.Placement placement) {
        List<ReplicaRecord> replicas = new ArrayList<>();
        for (StoreId store : placement.stores()) {
            replicas.add(new ReplicaRecord(store, replicas.size() + 1L, ReplicaRecord.Kind.VOTER, draft.takeOrder()));
        }
        draft.shards.put(
                placement.shard(),
                new ShardRecord(placement.shard(), 1, replicas, replicas, 1, replicas.size() + 1L, 0));
        draft.event(
                "shard_placed",
                "shard " + placement.shard(),
                "on "
                        + String.join(
                                ", ",
                                placement.stores().stream().map(StoreId::name).toList()));
    }

    Outcome confirm(ClusterCommand.ConfirmReplicas c) {
        for (ClusterCommand.ReplicaRef ref : c.replicas()) {
            ShardRecord shard = draft.shards.get(ref.shard());
            if (shard == null) {
                continue;
            }
            List<ReplicaRecord> next = shard.replicas().stream()
                    .map(r -> r.replica() == ref.replica() ? r.asCreated() : r)
                    .toList();
            if (next.equals(shard.replicas())) {
                continue;
            }
            ShardRecord changed = shard.withReplicas(next);
            draft.shards.put(ref.shard(), changed);
            draft.mapChanged();
            if (changed.replicas().stream().allMatch(ReplicaRecord::created)) {
                draft.event("shard_created", "shard " + ref.shard(), "all " + next.size() + " replicas exist");
            }
        }
        return new Outcome.Done(0);
    }

    Outcome prefer(ClusterCommand.SetPreferredLeader c) {
        ShardRecord shard = draft.shards.get(c.shard());
        if (shard == null || shard.epoch() != c.epoch()) {
            return new Outcome.Refused("shard " + c.shard() + " has changed since, or is not there");
        }
        boolean voter = shard.replica(c.replica())
                .filter(r -> r.kind() == ReplicaRecord.Kind.VOTER)
                .isPresent();
        if (!voter) {
            return new Outcome.Refused("replica " + c.replica() + " is not a voter of shard " + c.shard());
        }
        draft.shards.put(c.shard(), shard.withPreferredLeader(c.replica()));
        draft.mapChanged();
        draft.event("leader_preferred", "shard " + c.shard(), shard.nameOf(c.replica()) + ": " + c.reason());
        return new Outcome.Done(0);
    }

    Outcome confirmMembers(ClusterCommand.ConfirmMembers c) {
        ShardRecord shard = draft.shards.get(c.shard());
        if (shard == null || shard.membersIndex() >= c.membersIndex()) {
            return new Outcome.Refused("shard " + c.shard() + " is known with a newer membership, or is not there");
        }
        long adding = draft.before()
                .operatorOf(c.shard())
                .map(OperatorRecord::replica)
                .orElse(0L);
        ShardRecord next = shard.withMembers(c.membersIndex(), c.members(), adding);
        draft.shards.put(c.shard(), next);
        draft.mapChanged();
        Changed.between(shard, next)
                .forEach(change -> draft.event(change.kind(), "shard " + c.shard(), change.reason()));
        forgetLostDisks();
        return new Outcome.Done(0);
    }

    /** A learner that was never added, or is no member any more, is in no membership that could be confirmed. */
    void dropLearner(ShardRecord shard, long replica) {
        ShardRecord rest = shard.withoutLearner(replica);
        if (rest != shard) {
            draft.shards.put(shard.shard(), rest);
            draft.mapChanged();
            forgetLostDisks();
        }
    }

    private void forgetLostDisks() {
        for (StoreId lost : MemberRules.forgettable(draft.after())) {
            draft.stores.remove(lost.toString());
            draft.mapChanged();
        }
    }
}
