package dev.ashlar.coordinator.membership;

import java.util.List;
import java.util.Map;

import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.coordinator.state.ClusterCommand;

/**
 * The last heartbeat of a store process. Times are of a monotonic clock, in milliseconds.
 *
 * @param sinceMs the beginning of the series of heartbeats without a gap
 * @param state what the store says of itself: up or draining
 * @param replicas by shard; those that the map names
 * @param orphans replicas that it has and that are members of their shards no more
 * @param readiness ready or starting, empty when the store does not tell
 */
public record StoreSeen(
        long incarnation,
        long lastMs,
        long sinceMs,
        String state,
        Map<Integer, ReplicaReport> replicas,
        List<ClusterCommand.ReplicaRef> orphans,
        List<String> alarms,
        long dataBytes,
        long diskFreeBytes,
        String readiness) {
    /** One that does not tell of its readiness, without orphans. */
    public StoreSeen(
            long incarnation,
            long lastMs,
            long sinceMs,
            String state,
            Map<Integer, ReplicaReport> replicas,
            List<String> alarms,
            long dataBytes,
            long diskFreeBytes) {
        this(incarnation, lastMs, sinceMs, state, replicas, List.of(), alarms, dataBytes, diskFreeBytes, "");
    }

    public StoreSeen {
        replicas = Map.copyOf(replicas);
        orphans = List.copyOf(orphans);
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
