package dev.ashlar.raft.engine;

import java.util.concurrent.locks.LockSupport;

/** The thread that runs an {@link Engine}: turn after turn while there is work, asleep until the next timer otherwise. */
final class EngineThread {
    private final Thread thread;
    private volatile boolean parked;
    private volatile boolean stopping;
    private Engine engine;

    EngineThread() {
        thread = Thread.ofPlatform().name("ashlar-engine").daemon().unstarted(this::loop);
    }

    void start(Engine toRun) {
        engine = toRun;
        thread.start();
    }

    /** Wakes the thread when it sleeps. Any thread. */
    void wake() {
        if (parked) {
            LockSupport.unpark(thread);
        }
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Ends the loop after the turn that is running, and waits for it. */
    void stop() throws InterruptedException {
        stopping = true;
        LockSupport.unpark(thread);
        thread.join();
    }

    private void loop() {
        while (!stopping) {
            long untilNext = engine.turn();
            if (untilNext > 0) {
                parked = true;
                // Posts that came before the flag was seen are seen here; later ones unpark.
                if (!engine.hasPosted() && !stopping) {
                    LockSupport.parkNanos(untilNext);
                }
                parked = false;
            }
        }
    }
}
