package dev.ashlar.common.cluster;

import java.util.List;

/** A shard of the map: {@code epoch} grows with every change; {@code preferredLeader} is a replica number or 0; {@code leaderReplica} and {@code term} are the newest a leader has reported, 0 when unknown. */
public record ShardInfo(
        int shard,
        long epoch,
        List<ReplicaInfo> replicas,
        long preferredLeader,
        long leaderReplica,
        int term,
        long revision) {}
