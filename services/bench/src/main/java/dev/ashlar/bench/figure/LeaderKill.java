package dev.ashlar.bench.figure;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import dev.ashlar.bench.LoadOptions;
import dev.ashlar.bench.load.KeyChoice;
import dev.ashlar.bench.load.LoadGenerator;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.process.AshlarCluster;
import dev.ashlar.bench.process.ServerProcess;
import dev.ashlar.bench.process.Waiting;
import dev.ashlar.bench.report.Markdown;
import dev.ashlar.bench.report.Numbers;
import dev.ashlar.client.route.LeaderMap;

/**
 * {@code leader-kill}: how long writes to a shard stop when its leader is killed.
 *
 * <ol>
 *   <li>16 clients write to all shards.
 *   <li>The store that leads shard {@code round mod shards} gets kill -9.
 *   <li>For every shard that it led: the time until the first write <em>started after the kill</em> is acknowledged. The
 *       figure of the round is the longest of them.
 *   <li>The store is started again; when it is ready and every shard has a leader, the next round begins.
 * </ol>
 */
@Command(
        name = "leader-kill",
        mixinStandardHelpOptions = true,
        description = "Kill leaders under load; report how long writes to their shards stop.")
public final class LeaderKill implements Callable<Integer> {
    private static final Duration BEFORE_KILL = Duration.ofSeconds(2);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    /** The load must still run when the writes go on. */
    private static final int LOAD_SECONDS_MIN = 8;

    @Spec
    CommandSpec spec;

    @Option(names = "--kills", defaultValue = "20", description = "default ${DEFAULT-VALUE}")
    int kills;

    @Option(names = "--clients", defaultValue = "16", description = "default ${DEFAULT-VALUE}")
    int clients;

    @Option(
            names = "--load-seconds",
            defaultValue = "10",
            description = "load of each round (default ${DEFAULT-VALUE})")
    int loadSeconds;

    @Mixin
    Scene scene;

    private record Round(String store, int shardsLed, double firstMs, double allMs) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (loadSeconds < LOAD_SECONDS_MIN) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--load-seconds must be at least " + LOAD_SECONDS_MIN
                            + ": a load that ends before writes go on would never see them go on");
        }
        Payload payload = Payload.of(LoadOptions.KEY_PREFIX, 2_000, 24, 256, 42);
        List<Round> rounds = new ArrayList<>();
        try (AshlarCluster cluster = scene.start();
                Target target = Scene.target(cluster)) {
            new LoadGenerator(payload).fill(target, clients, List.of());
            for (int i = 0; i < kills; i++) {
                Round round = round(cluster, target, payload, i % scene.shards);
                Scene.say("kill %d: %s led %d shard(s), writes went on after %.0f to %.0f ms"
                        .formatted(i + 1, round.store(), round.shardsLed(), round.firstMs(), round.allMs()));
                rounds.add(round);
            }
        }
        publish(rounds);
        return 0;
    }

    private Round round(AshlarCluster cluster, Target target, Payload payload, int shard) throws InterruptedException {
        FirstWrites firstWrites = new FirstWrites(payload, scene.shards);
        LoadGenerator generator = new LoadGenerator(payload, new KeyChoice.Uniform(payload.keyCount()), firstWrites);
        LoadSpec spec = LoadSpec.of(Workload.PUT, clients, Duration.ZERO, Duration.ofSeconds(loadSeconds));
        Thread load = Thread.ofPlatform().daemon().name("load").start(() -> {
            try {
                generator.run(target, spec, List.of());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Thread.sleep(BEFORE_KILL);
        LeaderMap map = cluster.leaders();
        String name = map.names().get(map.leaderOfShard().get(shard));
        List<Integer> led = IntStream.range(0, scene.shards)
                .filter(s -> name.equals(map.names().get(map.leaderOfShard().get(s))))
                .boxed()
                .toList();
        ServerProcess store = cluster.stores().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
        long killed = System.nanoTime();
        firstWrites.watchFrom(killed);
        store.kill();
        Waiting.until("writes to go on", LIMIT, () -> led.stream().allMatch(s -> firstWrites.nanosOf(s) > 0));
        load.join();
        store.restart();
        cluster.awaitLeaders(LIMIT);
        double first = led.stream().mapToLong(firstWrites::nanosOf).min().orElse(0) / 1e6;
        double all = led.stream().mapToLong(firstWrites::nanosOf).max().orElse(0) / 1e6;
        return new Round(name, led.size(), first, all);
    }

    private void publish(List<Round> rounds) throws IOException {
        double[] sorted = rounds.stream().mapToDouble(Round::allMs).sorted().toArray();
        double median = sorted.length % 2 == 1
                ? sorted[sorted.length / 2]
                : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
        ObjectNode json = scene.json("leader-kill");
        json.put("kills", rounds.size());
        json.put("median_ms", median);
        json.put("max_ms", sorted[sorted.length - 1]);
        ArrayNode all = json.putArray("all_ms");
        rounds.forEach(round -> all.add(round.allMs()));
        scene.publish(
                json,
                Markdown.table(
                        List.of(
                                "leader killed, " + clients + " clients",
                                "kills",
                                "fastest ms",
                                "median ms",
                                "slowest ms"),
                        List.of(List.of(
                                "writes to all its shards go on after",
                                Integer.toString(rounds.size()),
                                Numbers.whole(sorted[0]),
                                Numbers.whole(median),
                                Numbers.whole(sorted[sorted.length - 1])))));
    }
}
