package dev.ashlar.cli.dev;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;

/**
 * Runs the processes of one local cluster.
 *
 * <ol>
 *   <li>Starts all of them, and asks every {@value #PROBE_MS} ms who is ready, until all are and every shard has a leader.
 *   <li>Then sleeps until a process dies; says so with the last lines of its log, and starts it again when
 *       {@link RestartPolicy} says so.
 *   <li>{@link #stop}, from any thread, ends it: SIGTERM to the stores, then to the coordinators, so that stores can hand
 *       over and report to the end; who has not ended {@value #STOP_SECONDS_MAX} s later is killed.
 * </ol>
 */
public final class Supervisor {
    private static final int PROBE_MS = 300;
    private static final int STOP_SECONDS_MAX = 20;
    private static final int LOG_LINES_SHOWN = 12;
    private static final Duration SLOW_START = Duration.ofSeconds(60);

    private record Start(long atNanos, Child child) {}

    private final DevOptions options;
    private final DataDirectory directory;
    private final PrintStream out;
    private final Probe probe = new Probe();
    private final Guard guard;
    private final List<Child> children = new ArrayList<>();
    private final BlockingQueue<Child> deaths = new LinkedBlockingQueue<>();
    private final PriorityQueue<Start> starts = new PriorityQueue<>((a, b) -> Long.signum(a.atNanos() - b.atNanos()));
    private final long beganNanos = System.nanoTime();
    private boolean everReady;
    private boolean toldSlow;
    private int leadersShown = -1;
    private boolean stopping;

    public Supervisor(DevOptions options, List<ProcessSpec> plan, DataDirectory directory, PrintStream out)
            throws IOException {
        this.options = options;
        this.directory = directory;
        this.out = out;
        this.guard = new Guard();
        plan.forEach(spec -> children.add(new Child(spec)));
    }

    /** Runs until {@link #stop}; {@code whenReady} is called once, on this thread. */
    public void run(Runnable whenReady) throws IOException, InterruptedException {
        for (Child child : children) {
            start(child);
        }
        while (!isStopping()) {
            boolean waiting = !everReady || children.stream().anyMatch(c -> c.alive() && !c.ready());
            Child dead = poll(waiting);
            if (dead != null) {
                died(dead);
            }
            while (!starts.isEmpty() && starts.peek().atNanos() - System.nanoTime() <= 0) {
                start(starts.remove().child());
            }
            if (waiting && dead == null && !isStopping()) {
                askAll(whenReady);
            }
        }
    }

    private Child poll(boolean waiting) throws InterruptedException {
        long ms = waiting ? PROBE_MS : TimeUnit.HOURS.toMillis(1);
        if (!starts.isEmpty()) {
            long untilStartMs = (starts.peek().atNanos() - System.nanoTime()) / 1_000_000 + 1;
            ms = Math.clamp(untilStartMs, 0, ms);
        }
        return deaths.poll(ms, TimeUnit.MILLISECONDS);
    }

    /** Under the same lock as {@link #stop}: once that has begun nothing starts any more. */
    private synchronized void start(Child child) throws IOException {
        if (stopping) {
            return;
        }
        Process process = child.start();
        guard.add(process.pid());
        directory.started(child.spec().name(), process.toHandle());
        var unused = process.onExit().thenRun(() -> deaths.add(child));
    }

    private void died(Child child) {
        if (isStopping()) {
            return;
        }
        Process process = child.process();
        guard.drop(process.pid());
        ProcessSpec spec = child.spec();
        RestartPolicy policy = child.died();
        out.println(spec.name() + " (pid " + process.pid() + ") died: " + cause(process.exitValue())
                + ". Last lines of " + spec.log() + ":");
        LogTail.of(spec.log(), LOG_LINES_SHOWN).forEach(line -> out.println("    " + line));
        if (policy.hopeless(everReady)) {
            throw new CliException(
                    ExitCode.REFUSED,
                    spec.name() + " died " + policy.quickDeaths() + " times in a row while the cluster was starting; "
                            + spec.log() + " says why.");
        }
        out.println("starting " + spec.name() + " again in " + policy.pause().toSeconds() + " s");
        starts.add(new Start(System.nanoTime() + policy.pause().toNanos(), child));
    }

    /** Java reports a signal as 128 + its number. */
    static String cause(int exitValue) {
        return switch (exitValue) {
            case 130 -> "interrupted (SIGINT)";
            case 134 -> "aborted (SIGABRT)";
            case 137 -> "killed (SIGKILL)";
            case 139 -> "crashed (SIGSEGV)";
            case 143 -> "stopped (SIGTERM)";
            default -> "exit code " + exitValue;
        };
    }

    private void askAll(Runnable whenReady) throws InterruptedException {
        for (Child child : children) {
            if (child.alive() && !child.ready() && probe.ready(child.spec().ports())) {
                child.becameReady();
                out.println(String.format(
                        Locale.ROOT,
                        "  %-14s ready after %.1f s, pid %d",
                        child.spec().name(),
                        child.uptime().toMillis() / 1000.0,
                        child.process().pid()));
            }
        }
        if (everReady) {
            return;
        }
        int leaders = Math.max(0, probe.shardsWithLeader(options.storeUrls()));
        if (leaders > leadersShown && leaders > 0) {
            leadersShown = leaders;
            out.println("  " + leaders + " of " + options.shards() + " shards have a leader");
        }
        if (leaders >= options.shards() && children.stream().allMatch(Child::ready)) {
            everReady = true;
            whenReady.run();
        } else if (!toldSlow && since().compareTo(SLOW_START) > 0) {
            toldSlow = true;
            out.println("  still waiting for " + missing(leaders) + "; the logs in "
                    + options.data().resolve("logs") + " may say why");
        }
    }

    private String missing(int leaders) {
        List<String> names = children.stream()
                .filter(c -> !c.ready())
                .map(c -> c.spec().name())
                .toList();
        return names.isEmpty() ? "leaders of " + (options.shards() - leaders) + " shards" : String.join(", ", names);
    }

    /** How long ago this began. */
    public Duration since() {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    /** Stops all processes and returns when none is left. Safe to call twice and from any thread. */
    public void stop() throws IOException {
        synchronized (this) {
            if (stopping) {
                return;
            }
            stopping = true;
        }
        // Their deaths wake the thread in run, which then sees that this is the end.
        stop(Kind.STORE);
        stop(Kind.COORDINATOR);
        guard.close();
    }

    private void stop(Kind kind) throws IOException {
        List<Child> living = children.stream()
                .filter(c -> c.spec().kind() == kind && c.alive())
                .toList();
        living.forEach(child -> child.process().destroy());
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS_MAX);
        for (Child child : living) {
            if (!ended(child, deadlineNanos - System.nanoTime())) {
                out.println("  " + child.spec().name() + " did not stop within " + STOP_SECONDS_MAX + " s: killed");
                child.process().destroyForcibly();
                child.process().onExit().join();
            }
            directory.ended(child.spec().name());
        }
        if (!living.isEmpty()) {
            out.println("  " + living.size() + " " + kind.word() + (living.size() == 1 ? "" : "s") + " stopped");
        }
    }

    private static boolean ended(Child child, long nanos) {
        try {
            return child.process().waitFor(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
