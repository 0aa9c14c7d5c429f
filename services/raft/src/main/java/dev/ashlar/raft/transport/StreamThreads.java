package dev.ashlar.raft.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The threads of snapshot streams; the limits on streams bound their number. Platform threads: reading and writing files
 * would pin the carriers of virtual ones.
 */
final class StreamThreads {
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    void start(String name, Runnable stream) {
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> {
            try {
                stream.run();
            } finally {
                running.remove(Thread.currentThread());
            }
        });
        running.add(thread);
        thread.start();
    }

    /** Waits until all have ended, each at most so long. */
    void await(long eachMs) {
        for (Thread thread : running) {
            try {
                thread.join(eachMs);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
