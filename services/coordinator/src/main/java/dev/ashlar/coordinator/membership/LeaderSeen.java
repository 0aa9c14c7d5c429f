package dev.ashlar.coordinator.membership;

/**
 * The leader of a shard by the newest term that a replica has reported. Times are of a monotonic clock, in milliseconds.
 *
 * @param replica its number
 * @param sinceMs when this leader and term were first reported
 * @param heardMs when they were last reported, by the leader or a follower
 * @param commitIndex as the leader reported it, 0 before it did
 * @param revision as the leader reported it, 0 before it did
 */
public record LeaderSeen(long replica, int term, long sinceMs, long heardMs, long commitIndex, long revision) {
    public boolean freshAt(long nowMs) {
        return nowMs - heardMs <= Timing.FRESH_MS;
    }
}
