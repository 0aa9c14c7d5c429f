package dev.ashlar.store.http;

import java.util.ArrayDeque;

/**
 * What must be done within one fixed time, of one event loop. Everything has the same time to live, so the oldest is always
 * in front, and a look at the front every now and then replaces a timer per request. Not thread-safe: one event loop.
 */
final class Deadlines {
    /** Something that may take too long. */
    abstract static class Entry {
        private long endNanos;
        private boolean over;

        /** It took too long. Called at most once, and not after {@link #done}. */
        abstract void expired();

        /** It is over: lets go of it soon. */
        final void done() {
            over = true;
        }
    }

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private final long timeoutNanos;

    Deadlines(long timeoutNanos) {
        this.timeoutNanos = timeoutNanos;
    }

    void add(Entry entry, long nowNanos) {
        entry.endNanos = nowNanos + timeoutNanos;
        entries.addLast(entry);
        dropOver();
    }

    /** Expires what is due. To be called every few hundred milliseconds. */
    void look(long nowNanos) {
        dropOver();
        while (!entries.isEmpty() && entries.getFirst().endNanos - nowNanos <= 0) {
            Entry entry = entries.removeFirst();
            entry.over = true;
            entry.expired();
            dropOver();
        }
    }

    int size() {
        return entries.size();
    }

    private void dropOver() {
        while (!entries.isEmpty() && entries.getFirst().over) {
            entries.removeFirst();
        }
    }
}
