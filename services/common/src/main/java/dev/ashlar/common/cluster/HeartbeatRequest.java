package dev.ashlar.common.cluster;

import java.util.List;

/** A store to the coordinator leader, every second: {@code POST /internal/v1/stores/heartbeat}. */
public record HeartbeatRequest(
        String name,
        String diskId,
        long incarnation,
        String state,
        List<ReplicaReport> replicas,
        List<OrderResult> results,
        List<String> alarms,
        long dataBytes,
        long diskFreeBytes) {}
