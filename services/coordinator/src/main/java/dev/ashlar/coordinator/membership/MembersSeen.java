package dev.ashlar.coordinator.membership;

import java.util.List;

import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ReplicaReport;

/**
 * A membership that a shard's group has committed, as some replica has reported it.
 *
 * @param index of the log, 0 for the initial one
 */
public record MembersSeen(long index, List<ReplicaInfo> members) {
    public MembersSeen {
        members = List.copyOf(members);
    }

    /** A replica acts on a membership before it is committed; only a committed one is told from here on. */
    static boolean isCommitted(ReplicaReport report) {
        return report.members() != null && !report.members().isEmpty() && report.membersIndex() <= report.commitIndex();
    }

    public boolean names(long replica) {
        return members.stream().anyMatch(member -> member.replica() == replica);
    }
}
