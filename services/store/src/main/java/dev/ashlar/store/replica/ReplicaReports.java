package dev.ashlar.store.replica;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;

/** Replicas as a heartbeat tells of them. */
public final class ReplicaReports {
    private ReplicaReports() {}

    public static ReplicaReport of(Replica replica) {
        GroupStatus status = replica.group().status();
        return new ReplicaReport(
                replica.shard(),
                replica.local().replicaId(),
                status.role().name().toLowerCase(Locale.ROOT),
                status.term(),
                status.leader().map(Member::replicaId).orElse(0L),
                status.commitIndex(),
                status.appliedIndex(),
                Math.max(0, status.commitIndex() - status.appliedIndex()),
                replica.kv().revision(),
                status.membersIndex(),
                members(status));
    }

    private static List<ReplicaInfo> members(GroupStatus status) {
        List<ReplicaInfo> members = new ArrayList<>();
        status.voters().forEach(member -> members.add(new ReplicaInfo(member.nodeId(), member.replicaId(), "voter")));
        status.learners()
                .forEach(member -> members.add(new ReplicaInfo(member.nodeId(), member.replicaId(), "learner")));
        return members;
    }
}
