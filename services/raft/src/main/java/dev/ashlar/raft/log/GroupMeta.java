package dev.ashlar.raft.log;

import java.util.ArrayList;
import java.util.List;

import dev.ashlar.raft.Member;

/** What is known of a group but its entries. */
record GroupMeta(
        Member local,
        boolean voting,
        List<Member> initialVoters,
        List<Member> initialLearners,
        int term,
        String votedFor,
        List<SnapshotMark> marks) {
    GroupMeta {
        initialVoters = List.copyOf(initialVoters);
        initialLearners = List.copyOf(initialLearners);
        marks = List.copyOf(marks);
    }

    GroupMeta withMembers(boolean newVoting, List<Member> voters, List<Member> learners) {
        return new GroupMeta(local, newVoting, voters, learners, term, votedFor, marks);
    }

    GroupMeta withTerm(int newTerm, String newVote) {
        return new GroupMeta(local, voting, initialVoters, initialLearners, newTerm, newVote, marks);
    }

    /** With one more mark, or with another newest one; the oldest are forgotten. */
    GroupMeta withMark(SnapshotMark mark, boolean insteadOfNewest) {
        List<SnapshotMark> kept = new ArrayList<>(marks);
        if (insteadOfNewest && !kept.isEmpty()) {
            kept.removeLast();
        }
        kept.add(mark);
        while (kept.size() > SharedLog.MARKS_KEPT) {
            kept.removeFirst();
        }
        return new GroupMeta(local, voting, initialVoters, initialLearners, term, votedFor, kept);
    }
}
