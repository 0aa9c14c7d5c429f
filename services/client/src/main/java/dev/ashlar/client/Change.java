package dev.ashlar.client;

import java.util.Optional;

/**
 * A change that a watch tells.
 *
 * @param entry what was put; empty for a deletion. Its value is empty when only keys were asked for
 * @param revision of the change, growing within the shard
 * @param cursor a watch from here tells what came after this change, at any store
 */
public record Change(String key, Optional<Entry> entry, long revision, int shard, String cursor) {
    /** Whether the key was deleted, or its time ran out. */
    public boolean deletion() {
        return entry.isEmpty();
    }
}
