package dev.ashlar.common.cluster;

import java.util.List;

/** One replica as its store sees it. {@code role} is leader, follower, candidate or learner; {@code leaderReplica} is 0 when none is known; {@code lagEntries} counts committed entries not yet applied; {@code members} is the membership this replica has applied. */
public record ReplicaReport(
        int shard,
        long replica,
        String role,
        int term,
        long leaderReplica,
        long commitIndex,
        long appliedIndex,
        long lagEntries,
        long revision,
        long membersIndex,
        List<ReplicaInfo> members) {}
