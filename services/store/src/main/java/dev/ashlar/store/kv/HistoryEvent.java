package dev.ashlar.store.kv;

import java.util.Optional;

/**
 * One mutation of a shard, as its history tells it.
 *
 * @param key of the item, or the name of the lock
 * @param item what was written; empty for every other kind
 */
public record HistoryEvent(long revision, Kind kind, String key, Optional<Item> item) {
    /** What happened. */
    public enum Kind {
        PUT,
        DELETE,
        LOCKED,
        UNLOCKED
    }
}
