package dev.ashlar.bench.watch;

import java.io.IOException;

import dev.ashlar.bench.load.Loop;

/** Opens streams of events by one protocol. */
@FunctionalInterface
public interface Watchers {
    /**
     * Begins to open all of them; they are closed with the loop.
     *
     * @param deliveries is told of every event, on the loop's thread
     */
    void open(Loop loop, Deliveries deliveries) throws IOException;

    /** What is watched. */
    record Watched(String prefix, int digits, int valueBytes) {}
}
