package dev.ashlar.coordinator.state;

import java.util.Objects;

/**
 * A change of a shard that takes several heartbeats. It is replicated so that the next coordinator leader goes on with it.
 * A shard has at most one.
 *
 * @param kind one of the words below; for a change of members it says why
 * @param replica the replica it is about: the new leader, or the member to be added; 0 when none is
 * @param term of a transfer: the shard's term when it started
 * @param step where it stands, a word of its kind
 * @param startedMs wall clock of the coordinator leader, for people
 * @param removes the member to be removed, 0 for none
 * @param order the id of the order that stores get for the present step; {@code id} when a kind has one step only
 */
public record OperatorRecord(
        long id,
        String kind,
        int shard,
        long replica,
        int term,
        String step,
        String reason,
        long startedMs,
        long removes,
        long order) {
    /** Leadership of a shard goes to {@link #replica}. */
    public static final String TRANSFER_LEADER = "transfer_leader";

    /** A voter whose disk is lost is removed at once, and a new replica takes its place. */
    public static final String REBUILD = "rebuild_replica";

    /** A new replica takes the place of a voter whose store has been silent for long. Undone when that store comes back. */
    public static final String REPLACE = "replace_replica";

    /** A replica leaves a store that is being decommissioned. Undone when the store is to serve again. */
    public static final String EVACUATE = "evacuate_replica";

    /** A replica goes to a store that has fewer, or to a zone that lacks one. */
    public static final String MOVE = "move_replica";

    /** The shard gets a replica more. */
    public static final String ADD = "add_replica";

    /** The shard gets rid of a member: a learner that nobody needs any more, or a voter too many. */
    public static final String REMOVE = "remove_replica";

    public OperatorRecord {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(step);
        Objects.requireNonNull(reason);
    }

    /** Whether it changes who the members of the shard are. */
    public boolean changesMembers() {
        return !kind.equals(TRANSFER_LEADER);
    }

    OperatorRecord withStep(String next, long nextOrder) {
        return new OperatorRecord(id, kind, shard, replica, term, next, reason, startedMs, removes, nextOrder);
    }
}
