package dev.ashlar.cli.dev;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One process of the cluster over all its starts. Used by the supervisor's thread alone, but for {@link #process}. */
final class Child {
    private final ProcessSpec spec;
    private volatile Process process;
    private RestartPolicy policy = RestartPolicy.FRESH;
    private long startedNanos;
    private boolean ready;

    Child(ProcessSpec spec) {
        this.spec = spec;
    }

    /**
     * Starts it, with its output appended to its log.
     *
     * <p>The shell in front ignores Ctrl-C and a closed terminal, which reach the whole foreground group, and becomes the
     * process by exec: what ignores a signal keeps ignoring it, and a JVM respects that. So it is the supervisor alone who
     * decides the order in which processes stop.
     */
    Process start() throws IOException {
        LogTail.rotate(spec.log());
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", spec.name()));
        command.addAll(spec.command());
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.equals("ASHLAR_TOKEN") || name.equals("ASHLAR_ENDPOINT"));
        environment.putAll(spec.environment());
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
        process = builder.start();
        startedNanos = System.nanoTime();
        ready = false;
        return process;
    }

    ProcessSpec spec() {
        return spec;
    }

    /** The present or last process; null before the first start. */
    Process process() {
        return process;
    }

    boolean alive() {
        return process != null && process.isAlive();
    }

    Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    RestartPolicy died() {
        ready = false;
        policy = policy.died(uptime());
        return policy;
    }

    boolean ready() {
        return ready;
    }

    void becameReady() {
        ready = true;
    }
}
