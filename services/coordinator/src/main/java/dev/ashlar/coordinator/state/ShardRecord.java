package dev.ashlar.coordinator.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.ReplicaInfo;

/**
 * A shard of the map. What the shard's group has committed is the truth about its members; this record follows it, and is
 * ahead of it only by a learner that is still to be added.
 *
 * @param epoch grows with every change of this record
 * @param initial the membership the shard's group was, or is being, formed with; every replica of it starts with this list
 * @param preferredLeader a replica number, 0 for none
 * @param nextReplica the number the next replica gets
 * @param membersIndex the log index of the newest membership that the group is known to have committed, 0 for the initial one
 */
public record ShardRecord(
        int shard,
        long epoch,
        List<ReplicaRecord> replicas,
        List<ReplicaRecord> initial,
        long preferredLeader,
        long nextReplica,
        long membersIndex) {
    public ShardRecord {
        replicas = List.copyOf(replicas);
        initial = List.copyOf(initial);
    }

    public Optional<ReplicaRecord> replica(long number) {
        return replicas.stream().filter(r -> r.replica() == number).findFirst();
    }

    public Optional<ReplicaRecord> on(StoreId store) {
        return replicas.stream().filter(r -> r.store().equals(store)).findFirst();
    }

    public List<ReplicaRecord> voters() {
        return replicas.stream()
                .filter(r -> r.kind() == ReplicaRecord.Kind.VOTER)
                .toList();
    }

    public List<ReplicaRecord> learners() {
        return replicas.stream()
                .filter(r -> r.kind() == ReplicaRecord.Kind.LEARNER)
                .toList();
    }

    /** Whether this number was given to a replica of the shard that is a member no more, and never will be again. */
    public boolean isFormer(long number) {
        return number > 0 && number < nextReplica && replica(number).isEmpty();
    }

    /** A replica's store by name, for people; its number when it is not there. */
    String nameOf(long number) {
        return replica(number).map(r -> r.store().name()).orElse("replica " + number);
    }

    ShardRecord withReplicas(List<ReplicaRecord> next) {
        return new ShardRecord(shard, epoch + 1, next, initial, preferredLeader, nextReplica, membersIndex);
    }

    ShardRecord withPreferredLeader(long replica) {
        return new ShardRecord(shard, epoch + 1, replicas, initial, replica, nextReplica, membersIndex);
    }

    /** Without a learner; this very record when it has none of that number. */
    ShardRecord withoutLearner(long number) {
        List<ReplicaRecord> rest = replicas.stream()
                .filter(r -> r.replica() != number || r.kind() == ReplicaRecord.Kind.VOTER)
                .toList();
        return rest.size() == replicas.size() ? this : withReplicas(rest);
    }

    /** With a new replica that is to be created and to become a learner. */
    ShardRecord withNewLearner(StoreId store, long createOrder) {
        List<ReplicaRecord> next = new ArrayList<>(replicas);
        next.add(new ReplicaRecord(store, nextReplica, ReplicaRecord.Kind.LEARNER, createOrder));
        return new ShardRecord(shard, epoch + 1, next, initial, preferredLeader, nextReplica + 1, membersIndex);
    }

    /**
     * With what the group has committed. A learner that is not in it yet stays while {@code adding} says so; a member that
     * this record does not name is taken in, since it is one.
     */
    ShardRecord withMembers(long index, List<ReplicaInfo> members, long adding) {
        List<ReplicaRecord> next = new ArrayList<>();
        for (ReplicaRecord known : replicas) {
            Optional<ReplicaInfo> member =
                    members.stream().filter(m -> m.replica() == known.replica()).findFirst();
            if (member.isPresent()) {
                next.add(known.withKind(kindOf(member.get())));
            } else if (known.replica() == adding && known.kind() == ReplicaRecord.Kind.LEARNER) {
                next.add(known);
            }
        }
        long free = nextReplica;
        for (ReplicaInfo member : members) {
            if (replica(member.replica()).isEmpty()) {
                next.add(new ReplicaRecord(StoreId.parse(member.store()), member.replica(), kindOf(member), 0));
            }
            free = Math.max(free, member.replica() + 1);
        }
        return new ShardRecord(shard, epoch + 1, next, initial, preferredLeader, free, index);
    }

    private static ReplicaRecord.Kind kindOf(ReplicaInfo member) {
        return member.kind().equals("voter") ? ReplicaRecord.Kind.VOTER : ReplicaRecord.Kind.LEARNER;
    }
}
