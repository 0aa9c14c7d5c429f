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
    /** Rows that are being read for it, of {@link #readingShard}. */
    CompletableFuture<HistoryRows> reading;

    int readingShard;
    boolean opened;
    long sinceNanos;
    /** When its buffer was full and has not become smaller since; 0 when it is not. */
    long stuckSinceNanos;

    private final AtomicLong unsentBytes = new AtomicLong();
    private final Runnable left;
    private final AtomicBoolean closed = new AtomicBoolean();

    Subscription(Filter filter, Context context, Sink sink, long[] position, long nowNanos, Runnable left) {
        this.filter = filter;
        this.context = context;
        this.sink = sink;
        this.position = position;
        this.sinceNanos = nowNanos;
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

    void count(long bytes) {
        unsentBytes.addAndGet(bytes);
    }

    /** On the event loop. The bytes have been counted. */
    void write(Buffer bytes) {
        int length = bytes.length();
        if (closed()) {
            unsentBytes.addAndGet(-length);
        } else {
            sink.write(bytes, () -> unsentBytes.addAndGet(-length));
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
