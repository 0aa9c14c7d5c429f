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
 */
public record Observed(
        long leadingSinceMs,
        Map<StoreId, StoreSeen> stores,
        Map<Integer, LeaderSeen> leaders,
        Map<Long, Long> operatorsSinceMs,
        Map<Integer, Long> transferNotBeforeMs) {
    public Observed {
        stores = Map.copyOf(stores);
        leaders = Map.copyOf(leaders);
        operatorsSinceMs = Map.copyOf(operatorsSinceMs);
        transferNotBeforeMs = Map.copyOf(transferNotBeforeMs);
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
