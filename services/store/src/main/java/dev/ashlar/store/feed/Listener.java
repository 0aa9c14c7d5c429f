package dev.ashlar.store.feed;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.vertx.core.Context;

/** Who waits for a change of one key, or for a lock to become free. Woken any number of times, also for nothing. */
public final class Listener {
    final String name;
    final boolean lock;
    final int shard;
    private final Context context;
    private final Runnable ready;
    private final Runnable wake;
    private final Consumer<Listener> left;
    /** On the event loop. */
    private boolean isReady;

    private final AtomicBoolean closed = new AtomicBoolean();

    Listener(
            String name,
            boolean lock,
            int shard,
            Context context,
            Runnable ready,
            Runnable wake,
            Consumer<Listener> left) {
        this.name = name;
        this.lock = lock;
        this.shard = shard;
        this.context = context;
        this.ready = ready;
        this.wake = wake;
        this.left = left;
    }

    /** Any thread. */
    public void close() {
        if (closed.compareAndSet(false, true)) {
            left.accept(this);
        }
    }

    boolean closed() {
        return closed.get();
    }

    /** The first time {@code ready}, then {@code wake}: for one that was ready, what happened meanwhile is unknown. */
    void ready() {
        run(() -> {
            if (isReady) {
                wake.run();
            } else {
                isReady = true;
                ready.run();
            }
        });
    }

    void wake() {
        run(wake);
    }

    private void run(Runnable task) {
        context.runOnContext(now -> {
            if (!closed()) {
                task.run();
            }
        });
    }
}
