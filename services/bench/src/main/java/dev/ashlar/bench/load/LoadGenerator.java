package dev.ashlar.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

import dev.ashlar.bench.process.ProcessStat;

/** Runs load against a target and counts. One run at a time per instance; the calling thread waits for the end. */
public final class LoadGenerator {
    private final Payload payload;
    private final KeyChoice choice;
    private final Observer observer;

    /** A generator for these keys; {@code observer} sees every finished operation. */
    public LoadGenerator(Payload payload, KeyChoice choice, Observer observer) {
        this.payload = payload;
        this.choice = choice;
        this.observer = observer;
    }

    /** A generator that draws keys uniformly and that nobody observes. */
    public LoadGenerator(Payload payload) {
        this(payload, new KeyChoice.Uniform(payload.keyCount()), Observer.NONE);
    }

    /**
     * Runs to the end.
     *
     * @param serverPids processes whose CPU and memory are measured during the counted time; may be empty
     */
    public LoadResult run(Target target, LoadSpec spec, List<Long> serverPids) throws InterruptedException {
        if (spec.workload() == Workload.LOCK && payload.keyCount() < spec.clients()) {
            throw new IllegalArgumentException(
                    spec.clients() + " clients cannot have a lock each of " + payload.keyCount() + " names");
        }
        target.prepare(payload, spec);
        long start = System.nanoTime();
        // Without a pace every key is written, however long it takes.
        boolean all = spec.workload() == Workload.LOAD && spec.perSecond() == 0;
        long from = all ? start : start + spec.warmUp().toNanos();
        long to = all ? Long.MAX_VALUE : from + spec.counted().toNanos();
        Loop.Shared shared = new Loop.Shared(spec, payload, choice, observer, new AtomicInteger(), start, from, to);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Loop> loops = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < spec.threads(); i++) {
            Loop loop = new Loop(shared, i);
            loop.attach(target);
            loops.add(loop);
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("load-" + i)
                    .uncaughtExceptionHandler((thread, e) -> failure.set(e))
                    .start(loop));
        }
        sleepUntil(from);
        ProcessStat.Sample servers = ProcessStat.sample(serverPids);
        double cpu = ProcessStat.cpuSecondsOfThisProcess();
        long countedFrom = System.nanoTime();
        for (Thread thread : threads) {
            joinUntil(thread, to);
        }
        double seconds = (System.nanoTime() - countedFrom) / 1e9;
        double clientCpu = ProcessStat.cpuSecondsOfThisProcess() - cpu;
        ProcessStat.Usage usage = ProcessStat.sample(serverPids).since(servers);
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a load thread ended early", failure.get());
        }
        Counts counts = new Counts();
        loops.forEach(loop -> counts.add(loop.counts()));
        return new LoadResult(target.name(), spec, seconds, counts, clientCpu, usage);
    }

    /** Writes every key once with {@code clients} clients. */
    public LoadResult fill(Target target, int clients, List<Long> serverPids) throws InterruptedException {
        return run(target, LoadSpec.of(Workload.LOAD, clients, Duration.ZERO, Duration.ofSeconds(1)), serverPids);
    }

    /** Returns when the thread has ended, or at that time. */
    private static void joinUntil(Thread thread, long nanoTime) throws InterruptedException {
        if (nanoTime == Long.MAX_VALUE) {
            thread.join();
        } else {
            thread.join(Duration.ofNanos(Math.max(0, nanoTime - System.nanoTime())));
        }
    }

    private static void sleepUntil(long nanoTime) throws InterruptedException {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException("the run was stopped");
            }
        }
    }
}
