package dev.ashlar.raft.engine;

import java.util.PriorityQueue;

/** Tasks for later, by the monotonic clock. Engine thread only. */
final class Timers {
    private final PriorityQueue<Timer> queue = new PriorityQueue<>();
    private long sequence;

    void add(long atNanos, Runnable task) {
        queue.add(new Timer(atNanos, sequence++, task));
    }

    /** The next task that is due, removed; or an empty task holder. */
    Runnable pollDue(long nowNanos) {
        Timer first = queue.peek();
        if (first == null || first.atNanos - nowNanos > 0) {
            return NONE;
        }
        return queue.poll().task;
    }

    /** Nanoseconds until the next task is due, {@link Long#MAX_VALUE} when there is none. */
    long untilNext(long nowNanos) {
        Timer first = queue.peek();
        return first == null ? Long.MAX_VALUE : Math.max(0, first.atNanos - nowNanos);
    }

    /** What {@link #pollDue} returns when nothing is due. */
    static final Runnable NONE = () -> {};

    private record Timer(long atNanos, long sequence, Runnable task) implements Comparable<Timer> {
        @Override
        public int compareTo(Timer other) {
            int order = Long.compare(atNanos - other.atNanos, 0);
            return order != 0 ? order : Long.compare(sequence, other.sequence);
        }
    }
}
