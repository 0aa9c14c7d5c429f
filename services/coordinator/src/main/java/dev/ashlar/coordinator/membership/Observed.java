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
 * @param members by shard: the newest membership that is known to be committed
 * @param operatorsSinceMs when each running operator, and each step of one (by its order), was first seen here
 * @param transferNotBeforeMs by shard: after failed transfers, when to try again
 * @param changeNotBeforeMs by shard: after failed changes of members, when to try again
 * @param damaged by shard: replicas that must not lead and are to be built anew, with the reason
 * @param registeredSinceMs when each store's present incarnation was first seen here, or the first of those before it that
 *     were never heard
 */
public record Observed(
        long leadingSinceMs,
        Map<StoreId, StoreSeen> stores,
        Map<Integer, LeaderSeen> leaders,
        Map<Integer, MembersSeen> members,
        Map<Long, Long> operatorsSinceMs,
        Map<Integer, Long> transferNotBeforeMs,
        Map<Integer, Long> changeNotBeforeMs,
        Map<Integer, Map<Long, String>> damaged,
        Map<StoreId, Long> registeredSinceMs) {
    public Observed {
        stores = Map.copyOf(stores);
        registeredSinceMs = Map.copyOf(registeredSinceMs);
        leaders = Map.copyOf(leaders);
        members = Map.copyOf(members);
        operatorsSinceMs = Map.copyOf(operatorsSinceMs);
        transferNotBeforeMs = Map.copyOf(transferNotBeforeMs);
        changeNotBeforeMs = Map.copyOf(changeNotBeforeMs);
        damaged = Map.copyOf(damaged);
    }

    /** Without damage. */
    public Observed(
            long leadingSinceMs,
            Map<StoreId, StoreSeen> stores,
            Map<Integer, LeaderSeen> leaders,
            Map<Integer, MembersSeen> members,
            Map<Long, Long> operatorsSinceMs,
            Map<Integer, Long> transferNotBeforeMs,
            Map<Integer, Long> changeNotBeforeMs) {
        this(
                leadingSinceMs,
                stores,
                leaders,
                members,
                operatorsSinceMs,
                transferNotBeforeMs,
                changeNotBeforeMs,
                Map.of(),
                Map.of());
    }

    /** Without damage, and without what concerns changes of members. */
    public Observed(
            long leadingSinceMs,
            Map<StoreId, StoreSeen> stores,
            Map<Integer, LeaderSeen> leaders,
            Map<Long, Long> operatorsSinceMs,
            Map<Integer, Long> transferNotBeforeMs) {
        this(leadingSinceMs, stores, leaders, Map.of(), operatorsSinceMs, transferNotBeforeMs, Map.of());
    }

    /** Whether a replica must not lead, and is to be built anew. */
    public boolean isDamaged(int shard, long replica) {
        return damaged.getOrDefault(shard, Map.of()).containsKey(replica);
    }

    /** Nothing seen yet. */
    public static Observed nothing(long leadingSinceMs) {
        return new Observed(leadingSinceMs, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
    }

    public Optional<StoreSeen> store(StoreId id) {
        return Optional.ofNullable(stores.get(id));
    }

    /** From when on a store that has not been heard is silent. */
    public long registeredSinceMs(StoreId id) {
        return registeredSinceMs.getOrDefault(id, leadingSinceMs);
    }

    /** Since when nothing was heard of a store, at most since this coordinator leads. */
    public long silentMs(StoreId id, long nowMs) {
        long heardMs = store(id).map(StoreSeen::lastMs).orElse(leadingSinceMs);
        return nowMs - Math.max(heardMs, leadingSinceMs);
    }

    public Optional<MembersSeen> members(int shard) {
        return Optional.ofNullable(members.get(shard));
    }

    /** The leader of a shard that somebody has reported lately. */
    public Optional<LeaderSeen> leader(int shard, long nowMs) {
        return Optional.ofNullable(leaders.get(shard)).filter(leader -> leader.freshAt(nowMs));
    }
}
