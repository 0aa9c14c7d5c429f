package dev.ashlar.bench.figure;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.ashlar.bench.process.ProcessStat;

/** Reads the resident memory of processes once a second on a thread of its own, until it is closed. */
public final class RssSampler implements AutoCloseable {
    private final List<Long> pids;
    private final List<long[]> samples = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread;

    /** Begins with a sample of each. */
    public RssSampler(List<Long> pids) {
        this.pids = pids;
        sample();
        thread = Thread.ofPlatform().daemon().name("rss").start(this::run);
    }

    private void run() {
        try {
            while (!closed.get()) {
                TimeUnit.SECONDS.sleep(1);
                sample();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sample() {
        long[] rss = pids.stream()
                .mapToLong(pid -> ProcessStat.sample(List.of(pid)).rssBytes())
                .toArray();
        synchronized (samples) {
            samples.add(rss);
        }
    }

    /** One process's samples in bytes, oldest first. */
    public long[] of(int process) {
        synchronized (samples) {
            return samples.stream().mapToLong(sample -> sample[process]).toArray();
        }
    }

    @Override
    public void close() {
        // Not joined: a sample that is taken at this moment does no harm.
        closed.set(true);
        thread.interrupt();
    }
}
