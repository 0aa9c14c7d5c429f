package dev.ashlar.coordinator.membership;

import java.util.HashMap;
import java.util.Map;

/** When a shard may be tried again: after each failure the wait doubles, a success forgets it. One thread at a time. */
final class Backoff {
    private final Map<Integer, Long> notBeforeMs = new HashMap<>();
    private final Map<Integer, Long> waitMs = new HashMap<>();

    void ended(int shard, boolean ok, long nowMs) {
        if (ok) {
            waitMs.remove(shard);
            notBeforeMs.remove(shard);
            return;
        }
        long wait = Math.min(Timing.BACKOFF_MAX_MS, waitMs.getOrDefault(shard, Timing.BACKOFF_MS / 2) * 2);
        waitMs.put(shard, wait);
        notBeforeMs.put(shard, nowMs + wait);
    }

    Map<Integer, Long> notBeforeMs() {
        return notBeforeMs;
    }
}
