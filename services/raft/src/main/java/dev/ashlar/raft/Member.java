package dev.ashlar.raft;

import java.util.Objects;

/**
 * One replica of a group.
 *
 * @param nodeId the process that hosts it, as {@code name.diskid}
 * @param replicaId a number, from 1, that is never used twice in a group: a store that gets a replica of a group again
 *     gets it under a new number, so a late message to the old one can do no harm
 */
public record Member(String nodeId, long replicaId) {
    public Member {
        Objects.requireNonNull(nodeId);
        if (replicaId < 1) {
            throw new IllegalArgumentException("replica id must be at least 1, not " + replicaId);
        }
    }

    /** By hand, as {@link #hashCode}: the engine compares members several times per entry, and a native executable interprets what a record gets. */
    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Member that && replicaId == that.replicaId && nodeId.equals(that.nodeId));
    }

    @Override
    public int hashCode() {
        return 31 * nodeId.hashCode() + Long.hashCode(replicaId);
    }

    @Override
    public String toString() {
        return nodeId + "#" + replicaId;
    }
}
