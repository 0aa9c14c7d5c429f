package dev.ashlar.acceptance.cluster;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One store or coordinator over all its starts. Its output is appended to one log. Faults come from one thread; anyone may ask. */
public final class ServerProcess {
    private static final int TAIL_BYTES_MAX = 6 << 10;
    private static final int STOP_SECONDS_MAX = 120;

    private final String name;
    private final Ports ports;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private volatile Process process;
    private volatile boolean frozen;

    ServerProcess(String name, Ports ports, List<String> command, Map<String, String> environment, Path log) {
        this.name = name;
        this.ports = ports;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.log = log;
    }

    /** Another process like this one, with other ports and settings. It does not run yet, and nobody ends it for the test. */
    public ServerProcess twin(String twinName, Map<String, String> changed) {
        Ports other = Ports.free();
        Map<String, String> settings = new HashMap<>(environment);
        settings.put("ASHLAR_PEER_PORT", Integer.toString(other.peer()));
        settings.put("QUARKUS_HTTP_PORT", Integer.toString(other.http()));
        settings.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(other.management()));
        settings.putAll(changed);
        return new ServerProcess(twinName, other, command, settings, log.resolveSibling(twinName + ".log"));
    }

    /** This process at its ports, with a system property more for its next start, as a JVM or as a native executable. */
    public ServerProcess with(String property) {
        List<String> changed = new ArrayList<>(command);
        changed.add(1, "-D" + property);
        return new ServerProcess(name, ports, changed, environment, log);
    }

    /** Where its data is. */
    public Path dataDir() {
        return Path.of(environment.get("ASHLAR_DATA_DIR"));
    }

    /** The exit value once it has ended; empty while it runs. */
    public OptionalInt exitValue() {
        return process == null || process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    public String name() {
        return name;
    }

    public Ports ports() {
        return ports;
    }

    public boolean isStore() {
        return name.startsWith("store-");
    }

    /** Starts it, for the first time or again. */
    public void start() {
        if (isAlive()) {
            throw new IllegalStateException(name + " runs already");
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
        frozen = false;
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Whether it answers at all: alive and not frozen. */
    public boolean isRunning() {
        return isAlive() && !frozen;
    }

    public long pid() {
        return process.pid();
    }

    /** {@code kill -9}; returns when the process is gone. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    /** SIGTERM; returns its exit value, or -1 when it had to be killed. */
    public int terminate() {
        process.destroy();
        return waitFor(STOP_SECONDS_MAX);
    }

    private int waitFor(int secondsMax) {
        try {
            if (process.waitFor(secondsMax, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
        return -1;
    }

    /** Waits until it ends by itself; its exit value, or -1 when it had to be killed. */
    public int awaitExit(int secondsMax) {
        return waitFor(secondsMax);
    }

    /** SIGSTOP: it neither answers nor closes a connection. */
    public void freeze() {
        signal("STOP");
        frozen = true;
    }

    /** SIGCONT. */
    public void thaw() {
        signal("CONT");
        frozen = false;
    }

    /** The log of all its starts. */
    Path log() {
        return log;
    }

    /** Whether a line of its log, of any start, has this text. */
    public boolean logContains(String text) {
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.anyMatch(line -> line.contains(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines of its log, for a message. */
    public String logTail() {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(TAIL_BYTES_MAX, file.length())];
            file.seek(file.length() - tail.length);
            file.readFully(tail);
            return new String(tail, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            return "(no log at " + log + ")";
        }
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .inheritIO()
                    .start();
            if (kill.onExit().join().exitValue() != 0) {
                throw new IllegalStateException("kill -" + signal + " of " + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
