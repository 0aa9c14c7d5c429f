package dev.ashlar.coordinator.membership;

import java.util.List;
import java.util.Map;

import dev.ashlar.common.cluster.ReplicaReport;

/**
 * The last heartbeat of a store process. Times are of a monotonic clock, in milliseconds.
 *
 * @param sinceMs the beginning of the series of heartbeats without a gap
 * @param state what the store says of itself: up or draining
 * @param replicas by shard
 * @param readiness ready or starting, empty when the store does not tell
 */
public record StoreSeen(
        long incarnation,
        long lastMs,
        long sinceMs,
        String state,
        Map<Integer, ReplicaReport> replicas,
        List<String> alarms,
        long dataBytes,
        long diskFreeBytes,
        String readiness) {
    /** One that does not tell of its readiness. */
    public StoreSeen(
            long incarnation,
            long lastMs,
            long sinceMs,
            String state,
            Map<Integer, ReplicaReport> replicas,
            List<String> alarms,
            long dataBytes,
            long diskFreeBytes) {
        this(incarnation, lastMs, sinceMs, state, replicas, alarms, dataBytes, diskFreeBytes, "");
    }

    public StoreSeen {
        replicas = Map.copyOf(replicas);
        alarms = List.copyOf(alarms);
    }

    public boolean freshAt(long nowMs) {
        return nowMs - lastMs <= Timing.FRESH_MS;
    }

    /** Heard without a gap for long enough to rely on, and not about to stop. */
    public boolean steadyAt(long nowMs) {
        return freshAt(nowMs) && nowMs - sinceMs >= Timing.STEADY_MS && state.equals("up");
    }
}
