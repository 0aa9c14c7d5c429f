package dev.ashlar.coordinator.state;

import java.util.List;
import java.util.Optional;

import dev.ashlar.common.StoreId;

/**
 * A shard of the map.
 *
 * @param epoch grows with every change of this record
 * @param initial the membership the shard's group was, or is being, formed with; every replica of it starts with this list
 * @param preferredLeader a replica number, 0 for none
 * @param nextReplica the number the next replica gets
 */
public record ShardRecord(
        int shard,
        long epoch,
        List<ReplicaRecord> replicas,
        List<ReplicaRecord> initial,
        long preferredLeader,
        long nextReplica) {
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

    ShardRecord withReplicas(List<ReplicaRecord> next) {
        return new ShardRecord(shard, epoch + 1, next, initial, preferredLeader, nextReplica);
    }

    ShardRecord withPreferredLeader(long replica) {
        return new ShardRecord(shard, epoch + 1, replicas, initial, replica, nextReplica);
    }
}
