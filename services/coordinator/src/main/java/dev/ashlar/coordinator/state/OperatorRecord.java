package dev.ashlar.coordinator.state;

import java.util.Objects;

/**
 * A change of a shard that takes several heartbeats. It is replicated so that the next coordinator leader goes on with it.
 * A shard has at most one.
 *
 * @param id also the id of the order that a store gets for it
 * @param kind transfer_leader
 * @param replica the replica it is about
 * @param term the shard's term when it started
 * @param step where it stands, a word of its kind
 * @param startedMs wall clock of the coordinator leader, for people
 */
public record OperatorRecord(
        long id, String kind, int shard, long replica, int term, String step, String reason, long startedMs) {
    /** Leadership of a shard goes to {@link #replica}. */
    public static final String TRANSFER_LEADER = "transfer_leader";

    public OperatorRecord {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(step);
        Objects.requireNonNull(reason);
    }

    OperatorRecord withStep(String next) {
        return new OperatorRecord(id, kind, shard, replica, term, next, reason, startedMs);
    }
}
