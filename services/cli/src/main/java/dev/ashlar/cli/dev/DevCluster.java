package dev.ashlar.cli.dev;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.dev.DataDirectory.Survivor;

/** The story of one {@code ashlar dev}: check what is there, start, say what to try, stop. */
public final class DevCluster {
    private static final long SURVIVOR_SECONDS_MAX = 25;

    private final DevOptions options;
    private final DataDirectory directory;
    private final PrintStream out;

    public DevCluster(DevOptions options, DataDirectory directory, PrintStream out) {
        this.options = options;
        this.directory = directory;
        this.out = out;
    }

    /** Runs until the JVM is asked to end (Ctrl-C, SIGTERM); all processes are gone when it does. */
    public void run(Map<Kind, List<String>> programs, boolean fresh) throws IOException, InterruptedException {
        awaitSurvivors();
        PortCheck.requireFree(options);
        boolean found = useData(fresh);
        out.println("Ashlar: " + options.stores() + " stores, " + options.coordinators() + " coordinators, "
                + options.shards() + " shards; " + (found ? "data of an earlier run" : "new data") + " in "
                + options.data() + ", logs in " + options.data().resolve("logs"));
        Supervisor supervisor = new Supervisor(options, ProcessPlan.of(options, programs), directory, out);
        Thread atEnd = new Thread(() -> stopAtEnd(supervisor), "stop");
        Runtime.getRuntime().addShutdownHook(atEnd);
        try {
            supervisor.run(() -> ready(supervisor));
        } finally {
            supervisor.stop();
        }
    }

    /** Runs while the JVM ends. A stop that was asked for is a success, whichever signal asked. */
    private void stopAtEnd(Supervisor supervisor) {
        out.println();
        out.println("Stopping; the data stays in " + options.data());
        try {
            supervisor.stop();
            directory.close();
        } catch (IOException e) {
            out.println("ashlar: " + e);
        }
        out.flush();
        Runtime.getRuntime().halt(ExitCode.OK.number());
    }

    /** Processes whose `ashlar dev` was killed have been asked to stop by its guard; they get the time to do so. */
    private void awaitSurvivors() throws IOException, InterruptedException {
        List<Survivor> survivors = directory.survivors();
        if (survivors.isEmpty()) {
            return;
        }
        out.println("Waiting for processes of an earlier run to stop: " + names(survivors));
        CompletableFuture<Void> gone = CompletableFuture.allOf(
                survivors.stream().map(s -> s.process().onExit()).toArray(CompletableFuture[]::new));
        try {
            gone.get(SURVIVOR_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            List<Survivor> left = directory.survivors();
            if (!left.isEmpty()) {
                String pids = String.join(
                        " ",
                        left.stream().map(s -> Long.toString(s.process().pid())).toList());
                throw new CliException(
                        ExitCode.REFUSED,
                        "the data is still locked by " + names(left)
                                + ", whose `ashlar dev` is gone. Stop them with: kill " + pids);
            }
        }
    }

    private static String names(List<Survivor> survivors) {
        return String.join(
                ", ",
                survivors.stream()
                        .map(s -> s.name() + " (pid " + s.process().pid() + ")")
                        .toList());
    }

    /** Returns whether data of an earlier run is there to be used. */
    private boolean useData(boolean fresh) throws IOException {
        if (fresh) {
            directory.deleteData();
        }
        DevLayout wanted = DevLayout.of(options);
        DevLayout made = directory.layout().orElse(null);
        if (made == null) {
            directory.write(wanted);
            return false;
        }
        DevLayout.Verdict verdict = made.judge(wanted);
        verdict.refusal().ifPresent(why -> {
            throw new CliException(ExitCode.REFUSED, why);
        });
        verdict.notes().forEach(note -> out.println("Note: " + note + "."));
        directory.write(made.grownTo(wanted));
        return true;
    }

    private void ready(Supervisor supervisor) {
        List<String> stores = options.storeUrls();
        out.println();
        out.println(String.format(
                Locale.ROOT, "Ready after %.1f s.", supervisor.since().toMillis() / 1000.0));
        out.println();
        out.println("  stores        " + String.join("  ", stores));
        out.println("  coordinators  " + String.join("  ", options.coordinatorUrls()));
        out.println("  health        http://127.0.0.1:"
                + options.ports().of(Kind.STORE, 0).management() + "/q/health   (metrics: /q/metrics)");
        dashboard();
        out.println();
        out.println("Try:");
        out.println("  curl -X PUT " + stores.getFirst() + "/v1/kv/hello -d world");
        out.println("  curl " + stores.get(1 % stores.size()) + "/v1/kv/hello");
        out.println("  curl " + stores.getLast() + "/v1/cluster");
        out.println();
        out.println("or bin/ashlar status" + (options.ports().offset() == 0 ? "" : " -e " + stores.getFirst())
                + ". Ctrl-C stops everything; the next run finds the data.");
        out.flush();
    }

    private void dashboard() {
        try {
            if (new Probe().dashboard(options.coordinatorUrls().getFirst())) {
                out.println("  dashboard     " + options.coordinatorUrls().getFirst() + "/");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
