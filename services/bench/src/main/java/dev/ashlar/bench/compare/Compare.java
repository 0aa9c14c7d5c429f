package dev.ashlar.bench.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.ashlar.bench.LoadOptions;
import dev.ashlar.bench.load.LoadGenerator;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Observer;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.process.Cluster;
import dev.ashlar.bench.process.ProcessStat;
import dev.ashlar.bench.report.JsonLines;
import dev.ashlar.bench.report.Machine;
import dev.ashlar.bench.report.MarkedPage;
import dev.ashlar.bench.report.Numbers;

/**
 * {@code compare}: three etcd and three stores on the same disk in the same run.
 *
 * <ol>
 *   <li>All clusters are started and stay up; only one is under load at a time. Starting and stopping them between
 *       measurements would be no fairer: a Java server would be measured cold each time, and etcd would pay for opening its
 *       files. What the idle ones use meanwhile is measured and printed.
 *   <li>Every key is written once to each, then each gets the same load for the burn-in time (a JVM compiles in it).
 *   <li>Rounds: for each workload and number of clients every target in turn; every second round in the opposite order, so
 *       that whatever drifts (disk, neighbours) meets both sides alike. Each measurement has its own warm-up.
 *   <li>Rounds are added up; raw lines are kept.
 * </ol>
 */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Measure three stores against three etcd, in turn, and write docs/benchmarks.md.")
public final class Compare implements Callable<Integer> {
    @Option(names = "--clients", split = ",", defaultValue = "1,16,64,256", description = "default ${DEFAULT-VALUE}")
    List<Integer> clients;

    @Option(
            names = "--workloads",
            split = ",",
            defaultValue = "put,get,mixed",
            description = "default ${DEFAULT-VALUE}")
    List<Workload> workloads;

    @Option(names = "--rounds", defaultValue = "2", description = "default ${DEFAULT-VALUE}")
    int rounds;

    @Option(names = "--burn-in", defaultValue = "20", description = "seconds of load per target before all rounds")
    int burnInSeconds;

    @Option(
            names = "--targets",
            split = ",",
            defaultValue = "ashlar-6,ashlar-1,etcd-grpc,etcd-grpc-leader,etcd-json",
            description =
                    "ashlar-N (N shards, to the leader), ashlar-N-any (any store), etcd-grpc, etcd-grpc-leader, etcd-json"
                            + " (default ${DEFAULT-VALUE})")
    List<String> targets;

    @Option(names = "--home", defaultValue = ".", description = "root of the sources, with built services")
    Path home;

    @Option(names = "--dir", description = "where data goes; emptied first (default HOME/.ashlar/bench)")
    Path dir;

    @Option(
            names = "--page",
            description = "page to write into (default HOME/docs/benchmarks.md); 'none' writes nothing")
    String page;

    @Mixin
    LoadOptions load;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path data = dir == null ? home.resolve(".ashlar/bench") : dir;
        try (Arena arena = Arena.open(home, data, targets)) {
            List<Measured> measured = measure(arena, data.resolve("compare.jsonl"));
            Report report = new Report(measured);
            String text = text(report, arena, data);
            System.out.println(text);
            if (!"none".equals(page)) {
                Path file = page == null ? home.resolve("docs/benchmarks.md") : Path.of(page);
                Path raw = file.resolveSibling("benchmarks").resolve("compare.jsonl");
                Files.createDirectories(raw.getParent());
                Files.copy(data.resolve("compare.jsonl"), raw, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
                Files.writeString(raw.resolveSibling("compare.svg"), report.chart());
                MarkedPage.write(file, "bench:compare", text);
                System.out.println("written: " + file);
            }
            return measured.stream().allMatch(m -> m.sum().operations() > 0) ? 0 : 1;
        }
    }

    private List<Measured> measure(Arena arena, Path raw) throws InterruptedException {
        LoadGenerator generator = new LoadGenerator(load.payload(), load.keyChoice(), Observer.NONE);
        for (Contestant contestant : arena.contestants()) {
            say("%s: writing %,d keys, then %d s of load".formatted(contestant.name(), load.keys(), burnInSeconds));
            generator.fill(contestant.target(), 32, List.of());
            if (burnInSeconds > 0) {
                generator.run(contestant.target(), spec(Workload.MIXED, 32, 0, burnInSeconds), List.of());
            }
        }
        Map<String, List<LoadResult>> results = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            List<Contestant> order =
                    round % 2 == 0 ? arena.contestants() : arena.contestants().reversed();
            for (Workload workload : workloads) {
                for (int n : clients) {
                    for (Contestant contestant : order) {
                        LoadResult result = one(generator, arena, contestant, workload, n, raw, round);
                        results.computeIfAbsent(contestant.name() + " " + workload + " " + n, k -> new ArrayList<>())
                                .add(result);
                    }
                }
            }
        }
        List<Measured> measured =
                new ArrayList<>(results.values().stream().map(Measured::of).toList());
        measured.sort(java.util.Comparator.comparingInt(m -> targets.indexOf(m.target())));
        return measured;
    }

    private LoadResult one(
            LoadGenerator generator, Arena arena, Contestant contestant, Workload workload, int n, Path raw, int round)
            throws InterruptedException {
        List<Long> idle = arena.clusters().stream()
                .filter(cluster -> cluster != contestant.cluster())
                .flatMap(cluster -> cluster.pids().stream())
                .toList();
        arena.clusters().forEach(Cluster::requireAlive);
        ProcessStat.Sample before = ProcessStat.sample(idle);
        long start = System.nanoTime();
        LoadResult result = generator.run(
                contestant.target(),
                spec(workload, n, load.warmUpSeconds(), load.seconds()),
                contestant.cluster().pids());
        double idleCores = ProcessStat.sample(idle).since(before).cpuSeconds() / ((System.nanoTime() - start) / 1e9);
        ObjectNode line = JsonLines.of(result);
        line.put("round", round);
        line.put("idle_clusters_cores", idleCores);
        JsonLines.append(raw, line);
        say(
                "round %d  %-17s %-5s %3d clients: %9s ops/s  p99 %8s ms  CPU %6s s/10k (client %s)  idle clusters %s cores  errors %d"
                        .formatted(
                                round + 1,
                                contestant.name(),
                                workload.word(),
                                n,
                                Numbers.whole(result.opsPerSecond()),
                                Numbers.ms(result.counts().all().getValueAtPercentile(99)),
                                Numbers.fixed(result.serverCpuPer10k(), 3),
                                Numbers.fixed(result.clientCpuPer10k(), 3),
                                Numbers.fixed(idleCores, 2),
                                result.errors()));
        return result;
    }

    private LoadSpec spec(Workload workload, int n, int warmUp, int seconds) {
        return new LoadSpec(
                workload,
                n,
                Duration.ofSeconds(warmUp),
                Duration.ofSeconds(seconds),
                load.threads(),
                Duration.ofSeconds(10),
                42);
    }

    private static void say(String line) {
        System.out.println(line);
    }

    private String text(Report report, Arena arena, Path data) {
        StringBuilder out = new StringBuilder();
        out.append("%s · commit %s · etcd %s · %s\n\n"
                .formatted(
                        LocalDate.now(ZoneOffset.UTC),
                        Machine.firstLineOf(home, "git", "rev-parse", "--short", "HEAD"),
                        arena.etcdVersion(),
                        Machine.facts(data)));
        out.append(
                "Command: `make bench-etcd BENCH_SECONDS=%d BENCH_WARM_UP=%d BENCH_ROUNDS=%d BENCH_CLIENTS=%s`. %,d keys of %d bytes, values of %d random bytes, %d round(s), each %d s of warm-up and %d s counted after %d s of burn-in; fsync on in both, all reads linearizable, servers and load generator share the cores.\n\n"
                        .formatted(
                                load.seconds(),
                                load.warmUpSeconds(),
                                rounds,
                                String.join(
                                        ",",
                                        clients.stream().map(String::valueOf).toList()),
                                load.keys(),
                                load.keyBytes(),
                                load.valueBytes(),
                                rounds,
                                load.warmUpSeconds(),
                                load.seconds(),
                                burnInSeconds));
        out.append("![operations per second and CPU](benchmarks/compare.svg)\n\n");
        for (String subject : targets) {
            if (subject.startsWith("ashlar")) {
                for (String baseline : List.of("etcd-grpc", "etcd-grpc-leader")) {
                    out.append(report.ratios(subject, baseline));
                }
            }
        }
        out.append("All figures, [raw lines](benchmarks/compare.jsonl):\n\n").append(report.details());
        return out.toString();
    }
}
