package dev.ashlar.common.cluster;

import java.util.List;

/** A store to the coordinator leader, every second, and more often at first until it is ready: {@code POST /internal/v1/stores/heartbeat}. {@code readiness} is ready or starting, empty from a version that does not tell. {@code view} is that of the last answer, 0 when there was none. */
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
        List<Notice> notices,
        List<ReplicaCheck> checks,
        long view) {
    /** One that tells neither readiness nor notices nor checks. */
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

    /** Of a store that has verified nothing yet and knows no view of the cluster. */
    public HeartbeatRequest(
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
        this(
                name,
                diskId,
                incarnation,
                state,
                replicas,
                results,
                alarms,
                dataBytes,
                diskFreeBytes,
                readiness,
                notices,
                List.of(),
                0);
    }
}
