package dev.ashlar.raft;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A replica at one moment. Immutable; read from any thread.
 *
 * @param leader the leader this replica knows of
 * @param commitIndex the highest index this replica knows to be committed
 * @param lastIndex the index of its last log entry
 * @param membersIndex the log index of the membership, 0 for the initial one
 * @param matchIndexes on the leader: what each other member is known to have
 */
public record GroupStatus(
        int groupId,
        Member local,
        Role role,
        int term,
        Optional<Member> leader,
        long commitIndex,
        long appliedIndex,
        long lastIndex,
        long membersIndex,
        List<Member> voters,
        List<Member> learners,
        Map<Member, Long> matchIndexes) {

    /** The part a replica plays. */
    public enum Role {
        LEADER,
        FOLLOWER,
        CANDIDATE,
        LEARNER,
        /** It was removed from the group, or stopped by a fault. */
        STOPPED
    }
}
