package dev.ashlar.raft.log;

import java.util.List;

import dev.ashlar.raft.Member;

/**
 * What the log holds of one group after a start.
 *
 * @param term 0 when none was written
 * @param votedFor as written with {@link SharedLog#writeTerm}; empty for none
 * @param marks the last {@value SharedLog#MARKS_KEPT} snapshot marks at most, oldest first
 * @param firstIndex index of the first entry that was not released; entries at or above it that were not truncated are
 *     all there
 * @param entries from {@code firstIndex}, without gaps
 */
public record StoredGroup(
        Member local,
        boolean voting,
        List<Member> initialVoters,
        List<Member> initialLearners,
        int term,
        String votedFor,
        List<SnapshotMark> marks,
        long firstIndex,
        List<StoredEntry> entries) {}
