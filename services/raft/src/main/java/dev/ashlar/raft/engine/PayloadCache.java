package dev.ashlar.raft.engine;

import java.util.ArrayDeque;
import java.util.Deque;

import dev.ashlar.raft.wire.Entry;

/** Bounds the payloads of log entries that are held in memory, over all groups: the oldest are dropped first. */
final class PayloadCache {
    private final long bytesMax;
    private final Deque<Entry> entries = new ArrayDeque<>();
    private long bytes;

    PayloadCache(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Counts the payload of an entry that has its place in the log. */
    void add(Entry entry) {
        entries.add(entry);
        bytes += entry.payloadBytes();
        while (bytes > bytesMax) {
            Entry oldest = entries.poll();
            bytes -= oldest.payloadBytes();
            oldest.dropPayload();
        }
    }
}
