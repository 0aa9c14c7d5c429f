package dev.ashlar.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import dev.ashlar.cli.AshlarCommand;
import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.output.OutputFormat;
import dev.ashlar.cli.output.ValuePreview;
import dev.ashlar.client.error.AshlarException;
import dev.ashlar.client.http.Answer;
import dev.ashlar.client.http.Call;
import dev.ashlar.client.http.Json;
import dev.ashlar.client.http.Paths;
import dev.ashlar.client.http.Problem;

/** {@code ashlar lock}: acquires, prolongs or releases a lock, or runs a command while it is held. */
@Command(
        name = "lock",
        header = "Acquire a lock, or run a command while holding it.",
        description = {
            "With a COMMAND the lock is prolonged while it runs and released at its end; the exit code is the command's.",
            "The command finds the proof that it holds the lock in ASHLAR_FENCING, to be sent as the header Ashlar-Fencing "
                    + "with its writes. When the lock is lost all the same, the command is told to end (SIGTERM)."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  ashlar lock nightly --wait 10m -- ./backup.sh",
            "  ashlar lock deploy --owner alice --ttl 5m       hold it; again, to prolong it",
            "  ashlar lock deploy --owner alice --release",
        })
public final class LockCommand implements Callable<Integer> {
    private static final long SLICE_MS_MAX = 5_000;
    private static final int REFUSED = 409;

    @ParentCommand
    private AshlarCommand root;

    @Parameters(index = "0", paramLabel = "NAME", description = "The lock: any name of 1 to 1024 bytes of UTF-8.")
    private String name;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "COMMAND", description = "What to run, after --.")
    private List<String> command = new ArrayList<>();

    @Option(names = "--owner", paramLabel = "OWNER", description = "Who asks. Default: host and process id.")
    private String owner;

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "Until when it is held without being prolonged. Default: ${DEFAULT-VALUE}.")
    private String ttl;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "0s",
            description = "How long to wait for it. Default: not at all.")
    private String wait;

    @Option(names = "--release", description = "Release it.")
    private boolean release;

    @Override
    public Integer call() throws InterruptedException {
        if (release && !command.isEmpty()) {
            throw new CliException(ExitCode.USAGE, "--release takes no command");
        }
        if ((release || command.isEmpty()) && owner == null) {
            throw new CliException(
                    ExitCode.USAGE, "give --owner, so that the lock can be prolonged and released again");
        }
        String who = owner == null ? host() + "/" + ProcessHandle.current().pid() : owner;
        if (release) {
            release(who);
            root.terminal().out().println(ValuePreview.printable(name) + " released");
            return ExitCode.OK.number();
        }
        JsonNode held = Json.tree(acquire(who));
        return command.isEmpty()
                ? tell(held)
                : run(who, held.path("fencing_token").asLong());
    }

    private Integer tell(JsonNode held) {
        PrintStream out = root.terminal().out();
        out.println(
                root.output() == OutputFormat.json
                        ? held.toString()
                        : ValuePreview.printable(name)
                                + (held.path("acquired").asBoolean() ? " acquired" : " prolonged") + ", fencing token "
                                + held.path("fencing_token").asLong());
        return ExitCode.OK.number();
    }

    /** Waits in slices, so that each request is short and a store that stops in between does not matter. */
    private Answer acquire(String who) throws InterruptedException {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Arguments.durationMs("--wait", wait));
        // Short beside the time for a call, so that a store which hangs is told from one that waits.
        long sliceMs = Math.min(SLICE_MS_MAX, root.timeoutMs() / 4);
        while (true) {
            long leftMs = Math.max(0, TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()));
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("owner", who);
            body.put("ttl", Arguments.duration("--ttl", ttl));
            body.put("wait", Math.min(sliceMs, leftMs) + "ms");
            Answer answer = root.stores().send(call("POST", body));
            if (answer.ok()) {
                return answer;
            }
            if (answer.status() != REFUSED || leftMs <= sliceMs) {
                throw Problem.of(answer);
            }
        }
    }

    private void release(String who) throws InterruptedException {
        root.stores().ask(call("DELETE", Map.of("owner", who)));
    }

    private Call call(String method, Map<String, ?> body) {
        return new Call(
                method,
                Paths.lock(name),
                Map.of("Content-Type", "application/json"),
                Optional.of(Json.line(body).getBytes(StandardCharsets.UTF_8)));
    }

    private int run(String who, long token) throws InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("ASHLAR_FENCING", name + "=" + token);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            release(who);
            throw new CliException(ExitCode.USAGE, "the command cannot be started: " + e.getMessage());
        }
        boolean lost = false;
        long everyMs = Math.max(300, Arguments.durationMs("--ttl", ttl) / 3);
        while (!process.waitFor(everyMs, TimeUnit.MILLISECONDS)) {
            if (!lost && !prolonged(who, token)) {
                lost = true;
                root.terminal().err().println("ashlar: the lock was lost, the command is told to end");
                process.destroy();
            }
        }
        if (!lost) {
            root.stores().send(call("DELETE", Map.of("owner", who)));
        }
        return process.exitValue();
    }

    /** False when somebody else holds it; while nobody can be asked, the next try may still be in time. */
    private boolean prolonged(String who, long token) throws InterruptedException {
        try {
            Answer answer = root.stores().send(call("POST", Map.of("owner", who, "ttl", ttl)));
            return answer.ok() ? Json.tree(answer).path("fencing_token").asLong() == token : answer.status() != REFUSED;
        } catch (AshlarException unreachable) {
            return true;
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "localhost";
        }
    }
}
