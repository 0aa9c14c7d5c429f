package dev.ashlar.store.boot;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.ashlar.store.replica.Replicas;

/** Ends the process when the engine has stopped by a fault: a log that cannot be written must not look alive. */
final class Watchdog implements AutoCloseable {
    private static final long INTERVAL_MS = 500;

    private final Replicas replicas;
    private final Consumer<String> end;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("watchdog").factory());

    Watchdog(Replicas replicas, Consumer<String> end) {
        this.replicas = replicas;
        this.end = end;
    }

    void start() {
        var unused = timer.scheduleWithFixedDelay(this::look, INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void look() {
        String fault = replicas.fault();
        if (!fault.isEmpty()) {
            timer.shutdown();
            end.accept("the engine has stopped: " + fault);
        }
    }
}
