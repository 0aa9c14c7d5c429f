package dev.ashlar.common.cluster;

import java.util.List;

/** A store to the coordinator leader, every second: {@code POST /internal/v1/stores/heartbeat}. {@code readiness} is ready or starting, empty from a version that does not tell. */
public record HeartbeatRequest(
        String name,
        String diskId,
        long incarnation,
        String state,
        List<ReplicaReport> replicas,
        List<OrderResult> results,
        List<String> alarms,
        long dataBytes,
        long diskFreeBytes,
        String readiness,
        List<Notice> notices) {
    /** One that tells neither readiness nor notices. */
    public HeartbeatRequest(
            String name,
            String diskId,
            long incarnation,
            String state,
            List<ReplicaReport> replicas,
            List<OrderResult> results,
            List<String> alarms,
            long dataBytes,
            long diskFreeBytes) {
        this(name, diskId, incarnation, state, replicas, results, alarms, dataBytes, diskFreeBytes, "", List.of());
    }
}
