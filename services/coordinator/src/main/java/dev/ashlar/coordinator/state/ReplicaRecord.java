package dev.ashlar.coordinator.state;

import java.util.Objects;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.ReplicaInfo;

/**
 * A replica of a shard.
 *
 * @param replica its number, never used twice in the shard
 * @param createOrder the id of the order to create it, 0 once its store has reported it. From then on it is never ordered
 *     again: a store that has it no more has lost a vote it may have given (S5)
 */
public record ReplicaRecord(StoreId store, long replica, Kind kind, long createOrder) {
    /** Whether it votes. */
    public enum Kind {
        VOTER,
        LEARNER
    }

    public ReplicaRecord {
        Objects.requireNonNull(store);
        Objects.requireNonNull(kind);
        if (replica < 1) {
            throw new IllegalArgumentException("replica number must be at least 1, not " + replica);
        }
    }

    public boolean created() {
        return createOrder == 0;
    }

    public ReplicaRecord asCreated() {
        return new ReplicaRecord(store, replica, kind, 0);
    }

    ReplicaRecord withKind(Kind next) {
        return next == kind ? this : new ReplicaRecord(store, replica, next, createOrder);
    }

    public ReplicaInfo info() {
        return new ReplicaInfo(store.toString(), replica, kind == Kind.VOTER ? "voter" : "learner");
    }
}
