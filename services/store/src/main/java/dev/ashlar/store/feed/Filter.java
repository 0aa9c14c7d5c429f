package dev.ashlar.store.feed;

import dev.ashlar.store.kv.HistoryEvent;

/**
 * Which events a watch wants, and how they are written for it. Watches with equal filters share their bytes.
 *
 * @param text the prefix, or the key when {@code exact}
 * @param shard the one shard that matters, -1 for all
 */
public record Filter(String text, boolean exact, int shard, Encoding encoding) {
    /** How events become bytes. Pure; one instance per way of writing, since it is a part of a filter's identity. */
    public interface Encoding {
        void event(StringBuilder out, int shard, HistoryEvent event, String cursor);

        /** Says that nothing happened up to here. */
        void progress(StringBuilder out, String cursor);
    }

    boolean wants(int ofShard, HistoryEvent event) {
        return (shard < 0 || shard == ofShard)
                && (event.kind() == HistoryEvent.Kind.PUT || event.kind() == HistoryEvent.Kind.DELETE)
                && (exact ? event.key().equals(text) : event.key().startsWith(text));
    }

    boolean concerns(int ofShard) {
        return shard < 0 || shard == ofShard;
    }
}
