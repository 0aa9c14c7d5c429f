package dev.ashlar.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server process that this program started; its output goes to {@code NAME.log}. Not for several threads at once. */
public final class ServerProcess implements AutoCloseable {
    private static final int STOP_SECONDS = 30;
    private static final int LOG_LINES = 20;

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path dir;
    private Process process;

    /** Starts {@code command} in {@code dir} with {@code environment} added to ours. */
    public ServerProcess(String name, List<String> command, Map<String, String> environment, Path dir) {
        this.name = name;
        this.command = command;
        this.environment = environment;
        this.dir = dir;
        process = start();
    }

    private Process start() {
        try {
            Files.createDirectories(dir);
            ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
            builder.environment().putAll(environment);
            return builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    /** Starts the same command again after it was stopped or killed. */
    public void restart() {
        if (process.isAlive()) {
            throw new IllegalStateException(name + " still runs");
        }
        process = start();
    }

    /** The name given at the start. */
    public String name() {
        return name;
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** True until it ends. */
    public boolean isAlive() {
        return process.isAlive();
    }

    private Path log() {
        return dir.resolve(name + ".log");
    }

    /** The last lines of its output, for an error message. */
    public String lastOutput() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "(no output: " + e.getMessage() + ")";
        }
    }

    /** SIGKILL, and waits until the process is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM, waits up to 30 s, then SIGKILL. Returns true when it ended by itself. */
    public boolean stop() throws InterruptedException {
        process.destroy();
        if (process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
            return true;
        }
        kill();
        return false;
    }

    /** SIGKILL; its ports are free when this returns. */
    @Override
    public void close() {
        try {
            process.destroyForcibly().waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
