package dev.ashlar.raft.log;

import java.util.List;

import dev.ashlar.raft.Member;

/**
 * That there is a snapshot at an index, and the membership of the group at that index.
 *
 * @param index the last entry that the snapshot contains
 * @param term the term of that entry
 * @param membersIndex log index of the membership, 0 for the initial one
 */
public record SnapshotMark(long index, int term, long membersIndex, List<Member> voters, List<Member> learners) {
    public SnapshotMark {
        voters = List.copyOf(voters);
        learners = List.copyOf(learners);
    }
}
