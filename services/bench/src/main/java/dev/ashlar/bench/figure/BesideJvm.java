package dev.ashlar.bench.figure;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.ashlar.bench.LoadOptions;
import dev.ashlar.bench.load.LoadGenerator;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.process.AshlarCluster;
import dev.ashlar.bench.process.HttpProbe;
import dev.ashlar.bench.process.ProcessStat;
import dev.ashlar.bench.process.ServerProcess;
import dev.ashlar.bench.process.Waiting;
import dev.ashlar.bench.report.Markdown;
import dev.ashlar.bench.report.Numbers;

/**
 * {@code native}: the same figures for JVMs and for native executables, one after the other in one run.
 *
 * <ol>
 *   <li>A cluster with empty data: memory of a store and a coordinator while nobody asks anything, and the time from the start
 *       of a process that was stopped in order until it is ready.
 *   <li>Puts from the first moment on (cold), then burn-in, then puts and gets with a warm-up: a JVM needs all of it to show
 *       what it can do. Both kinds have the same heap limits.
 *   <li>A store that gets kill -9 with that data: from its start until it is ready.
 * </ol>
 */
@Command(
        name = "native",
        mixinStandardHelpOptions = true,
        description = "Compare native executables with JVMs: start, memory, throughput, CPU.")
public final class BesideJvm implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final int KEYS = 20_000;
    private static final int VALUE_BYTES = 256;

    @Option(names = "--clients", defaultValue = "64", description = "default ${DEFAULT-VALUE}")
    int clients;

    @Option(names = "--seconds", defaultValue = "10", description = "counted per workload (default ${DEFAULT-VALUE})")
    int seconds;

    @Option(names = "--burn-in", defaultValue = "20", description = "seconds of load before warm figures")
    int burnInSeconds;

    @Option(names = "--settle", defaultValue = "10", description = "seconds after the start before memory is read")
    int settleSeconds;

    @Mixin
    Scene scene;

    private final Map<String, List<String>> rows = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException, InterruptedException {
        ObjectNode json = scene.json("native");
        for (boolean executables : new boolean[] {false, true}) {
            ObjectNode figures = json.putObject(executables ? "native" : "jvm");
            AshlarCluster.Options options = scene.options();
            measure(AshlarCluster.start(executables ? options.ofExecutables() : options), figures);
        }
        List<List<String>> table = new ArrayList<>();
        rows.forEach((name, cells) -> {
            List<String> row = new ArrayList<>(List.of(name));
            row.addAll(cells);
            row.add(Numbers.times(number(cells.get(1)) / number(cells.get(0))));
            table.add(row);
        });
        String text =
                ("%d stores, %d coordinators, %d shards; %d clients, %d keys, values of %d bytes, %d s counted after %d s of"
                                + " burn-in; heap limits 256 and 128 MiB in both.%n%n")
                        .formatted(
                                3,
                                scene.coordinators,
                                scene.shards,
                                clients,
                                KEYS,
                                VALUE_BYTES,
                                seconds,
                                burnInSeconds);
        scene.publish(
                json,
                text
                        + Markdown.table(List.of("", "JVM", "native", "native ÷ JVM"), table)
                        + NativeBuild.describe(scene.home));
        return 0;
    }

    private void measure(AshlarCluster cluster, ObjectNode json) throws InterruptedException {
        try (cluster;
                Target target = Scene.target(cluster)) {
            TimeUnit.SECONDS.sleep(settleSeconds);
            idle(cluster, json);
            starts(cluster, json);
            Payload payload = Payload.of(LoadOptions.KEY_PREFIX, KEYS, 24, VALUE_BYTES, 42);
            LoadGenerator load = new LoadGenerator(payload);
            List<Long> pids = cluster.pids();
            work("put, cold", load.run(target, spec(Workload.PUT, 0, Math.min(5, seconds)), pids), json);
            load.fill(target, clients, pids); // so that no read misses
            load.run(target, spec(Workload.MIXED, 0, burnInSeconds), pids);
            work("put, warm", load.run(target, spec(Workload.PUT, 2, seconds), pids), json);
            work("get, warm", load.run(target, spec(Workload.GET, 2, seconds), pids), json);
            add(json, "RSS of a store after load, MiB", mib(cluster.stores()), 0);
            add(json, "RSS of a coordinator after load, MiB", mib(cluster.coordinators()), 0);
            ServerProcess store = cluster.stores().getFirst();
            store.kill();
            add(json, "store with this data after kill -9: start to ready, s", seconds(store, cluster.readyUri(0)), 2);
        }
    }

    private void idle(AshlarCluster cluster, ObjectNode json) {
        add(json, "RSS of a store, empty and idle, MiB", mib(cluster.stores()), 0);
        add(json, "RSS of a coordinator, idle, MiB", mib(cluster.coordinators()), 0);
    }

    private void starts(AshlarCluster cluster, ObjectNode json) throws InterruptedException {
        int last = cluster.stores().size() - 1;
        ServerProcess store = cluster.stores().get(last);
        store.stop();
        add(json, "store, empty: start to ready, s", seconds(store, cluster.readyUri(last)), 2);
        cluster.awaitLeaders(LIMIT);
        last = cluster.coordinators().size() - 1;
        ServerProcess coordinator = cluster.coordinators().get(last);
        coordinator.stop();
        add(json, "coordinator: start to ready, s", seconds(coordinator, cluster.coordinatorReadyUri(last)), 2);
        cluster.awaitLeaders(LIMIT);
    }

    private LoadSpec spec(Workload workload, int warmUpSeconds, int countedSeconds) {
        return LoadSpec.of(workload, clients, Duration.ofSeconds(warmUpSeconds), Duration.ofSeconds(countedSeconds));
    }

    private void work(String what, LoadResult result, ObjectNode json) {
        add(json, what + ": ops/s", result.opsPerSecond(), 0);
        add(json, what + ": p99 ms", result.counts().all().getValueAtPercentile(99) / 1e6, 1);
        add(json, what + ": server CPU s per 10,000", result.serverCpuPer10k(), 3);
        json.put(what + ": errors", result.errors());
    }

    private void add(ObjectNode json, String name, double value, int places) {
        Scene.say("%s: %s".formatted(name, Numbers.fixed(value, places)));
        rows.computeIfAbsent(name, unused -> new ArrayList<>()).add(Numbers.fixed(value, places));
        json.put(name, value);
    }

    private static double number(String cell) {
        return Double.parseDouble(cell);
    }

    /** Resident memory of one of them, on average. */
    private static double mib(List<ServerProcess> processes) {
        List<Long> pids = processes.stream().map(ServerProcess::pid).toList();
        return ProcessStat.sample(pids).rssBytes() / (double) (1 << 20) / pids.size();
    }

    private static double seconds(ServerProcess stopped, String readyUri) throws InterruptedException {
        long startNanos = System.nanoTime();
        stopped.restart();
        Waiting.until(
                stopped.name() + " to be ready",
                LIMIT,
                () -> HttpProbe.get(readyUri).status() == 200);
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
