package dev.ashlar.store.feed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;

import dev.ashlar.store.kv.HistoryRows;

/** One watch. Belongs to the feed's thread, but for {@link #close} and what counts bytes. */
public final class Subscription {
    final Filter filter;
    final Context context;
    final Sink sink;
    /** Where it stands while it is behind the feed; not kept up while it is level with it. */
    long[] position;
    /** Rows that another store is asked for, of {@link #readingShard}. */
    CompletableFuture<HistoryRows> reading;

    int readingShard;
    /** Where its next step begins. */
    int nextShard;

    boolean opened;
    long sinceNanos;
    /** When its buffer was full and has not become smaller since; 0 when it is not. */
    long stuckSinceNanos;

    private final AtomicLong unsentBytes = new AtomicLong();
    private final UnsentBytes together;
    /** When it took something last, or had nothing to take. */
    private volatile long progressNanos = System.nanoTime();

    private volatile boolean hasTaken;

    private final Runnable left;
    private final AtomicBoolean closed = new AtomicBoolean();

    Subscription(
            Filter filter,
            Context context,
            Sink sink,
            long[] position,
            long nowNanos,
            UnsentBytes together,
            Runnable left) {
        this.filter = filter;
        this.context = context;
        this.sink = sink;
        this.position = position;
        this.sinceNanos = nowNanos;
        this.together = together;
        this.left = left;
    }

    /** Nobody watches any more. Any thread. */
    public void close() {
        leave();
    }

    private boolean leave() {
        boolean first = closed.compareAndSet(false, true);
        if (first) {
            left.run();
        }
        return first;
    }

    boolean closed() {
        return closed.get();
    }

    long unsentBytes() {
        return unsentBytes.get();
    }

    /** Whether its client is known to read, and has nothing left to take. */
    boolean hasTakenAll() {
        return hasTaken && unsentBytes.get() == 0;
    }

    long progressNanos() {
        return progressNanos;
    }

    void count(long bytes) {
        together.add(bytes);
        if (unsentBytes.getAndAdd(bytes) == 0) {
            progressNanos = System.nanoTime();
        }
    }

    private void sent(long bytes) {
        hasTaken = true;
        unsentBytes.addAndGet(-bytes);
        together.add(-bytes);
        progressNanos = System.nanoTime();
    }

    /** On the event loop. The bytes have been counted. */
    void write(Buffer bytes) {
        int length = bytes.length();
        if (closed()) {
            sent(length);
        } else {
            sink.write(bytes, () -> sent(length));
        }
    }

    void onLoop(Runnable task) {
        context.runOnContext(now -> {
            if (!closed()) {
                task.run();
            }
        });
    }

    /** The last thing that is said to it. */
    void finish(Runnable last) {
        context.runOnContext(now -> {
            if (leave()) {
                last.run();
            }
        });
    }
}
