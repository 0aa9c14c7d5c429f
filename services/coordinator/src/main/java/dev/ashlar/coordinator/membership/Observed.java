package dev.ashlar.coordinator.membership;

import java.util.Map;
import java.util.Optional;

import dev.ashlar.common.StoreId;

/**
 * What the leading coordinator has seen since it leads, at one moment. Immutable. Times are of a monotonic clock, in
 * milliseconds.
 *
 * @param leadingSinceMs when this coordinator began to lead
 * @param leaders by shard; only leaders that the map knows
 * @param operatorsSinceMs when each running operator was first seen here
 * @param transferNotBeforeMs by shard: after failed transfers, when to try again
 * @param damaged by shard: replicas that must not lead and are to be built anew, with the reason
 */
public record Observed(
        long leadingSinceMs,
        Map<StoreId, StoreSeen> stores,
        Map<Integer, LeaderSeen> leaders,
        Map<Long, Long> operatorsSinceMs,
        Map<Integer, Long> transferNotBeforeMs,
        Map<Integer, Map<Long, String>> damaged) {
    public Observed {
        stores = Map.copyOf(stores);
        leaders = Map.copyOf(leaders);
        operatorsSinceMs = Map.copyOf(operatorsSinceMs);
        transferNotBeforeMs = Map.copyOf(transferNotBeforeMs);
        damaged = Map.copyOf(damaged);
    }

    /** Without damage. */
    public Observed(
            long leadingSinceMs,
            Map<StoreId, StoreSeen> stores,
            Map<Integer, LeaderSeen> leaders,
            Map<Long, Long> operatorsSinceMs,
            Map<Integer, Long> transferNotBeforeMs) {
        this(leadingSinceMs, stores, leaders, operatorsSinceMs, transferNotBeforeMs, Map.of());
    }

    /** Whether a replica must not lead, and is to be built anew. */
    public boolean isDamaged(int shard, long replica) {
        return damaged.getOrDefault(shard, Map.of()).containsKey(replica);
    }

    /** Nothing seen yet. */
    public static Observed nothing(long leadingSinceMs) {
        return new Observed(leadingSinceMs, Map.of(), Map.of(), Map.of(), Map.of());
    }

    public Optional<StoreSeen> store(StoreId id) {
        return Optional.ofNullable(stores.get(id));
    }

    /** The leader of a shard that somebody has reported lately. */
    public Optional<LeaderSeen> leader(int shard, long nowMs) {
        return Optional.ofNullable(leaders.get(shard)).filter(leader -> leader.freshAt(nowMs));
    }
}
