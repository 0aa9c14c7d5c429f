package dev.ashlar.store.readiness;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Since when replicas have stood still that are to catch up. Time is an argument; not thread-safe.
 *
 * <ol>
 *   <li>Each replica for itself: what goes on in one is no progress of another, and one that lacks nothing is forgotten.
 *   <li>Progress is a leader, or fewer entries missing than ever before.
 *   <li>So is a log that grew here, even when what is missing grew with it: under load one may run after the leader.
 *   <li>While one of those that are behind gets on, there is something to wait for.
 * </ol>
 */
final class Progress {
    /** Entries that a replica may lack and still be level. */
    static final long LAG_ENTRIES_MAX = 64;

    /**
     * Where a replica stands that is to run here.
     *
     * @param appliedIndex -1 when it does not run yet
     */
    record Standing(int shard, boolean led, long lagEntries, long appliedIndex) {
        private boolean isBehind() {
            return !led || lagEntries > LAG_ENTRIES_MAX;
        }

        private boolean isBeyond(Standing other) {
            return (led && !other.led) || lagEntries < other.lagEntries || appliedIndex > other.appliedIndex;
        }

        private Standing best(Standing other) {
            return new Standing(
                    shard,
                    led || other.led,
                    Math.min(lagEntries, other.lagEntries),
                    Math.max(appliedIndex, other.appliedIndex));
        }
    }

    private record Best(Standing standing, long sinceMs) {}

    private Map<Integer, Best> behind = Map.of();

    /** For how long none of those that are behind has got on, in milliseconds; 0 when none is behind. */
    long standstillMs(List<Standing> replicas, long nowMs) {
        Map<Integer, Best> next = new HashMap<>();
        for (Standing now : replicas) {
            if (!now.isBehind()) {
                continue;
            }
            Best before = behind.get(now.shard());
            if (before == null) {
                next.put(now.shard(), new Best(now, nowMs));
            } else {
                boolean gotOn = now.isBeyond(before.standing());
                next.put(now.shard(), new Best(now.best(before.standing()), gotOn ? nowMs : before.sinceMs()));
            }
        }
        behind = next;
        long lastMs = next.values().stream().mapToLong(Best::sinceMs).max().orElse(nowMs);
        return nowMs - lastMs;
    }
}
