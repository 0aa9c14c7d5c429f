package dev.ashlar.bench.figure;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.process.AshlarCluster;
import dev.ashlar.bench.process.HttpProbe;
import dev.ashlar.bench.process.ServerProcess;
import dev.ashlar.bench.process.Waiting;
import dev.ashlar.bench.process.WorkDirectory;
import dev.ashlar.bench.report.Markdown;
import dev.ashlar.bench.report.Numbers;

/**
 * {@code restart}: a store that holds data is stopped cleanly, then killed; each time: from start of the process until it is ready.
 * At last it loses its disk: from start until every shard is at full strength again, by snapshots.
 */
@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description = "Restart a store that holds data, with its disk and without; report the time until it is ready.")
public final class Restart implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Option(names = "--rounds", defaultValue = "3", description = "default ${DEFAULT-VALUE}")
    int rounds;

    @Option(names = "--native", description = "run native executables instead of jars")
    boolean executables;

    @Mixin
    Scene scene;

    @Mixin
    Filling filling;

    private enum Kind {
        CLEAN("clean stop"),
        KILLED("kill -9"),
        LOST("disk lost, until full strength");

        private final String label;

        Kind(String label) {
            this.label = label;
        }
    }

    private record Times(double stopMs, double readyMs) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<List<String>> rows = new ArrayList<>();
        ObjectNode json = scene.json(executables ? "restart-native" : "restart");
        json.put("mib", filling.mib);
        AshlarCluster.Options options = scene.options();
        try (AshlarCluster cluster = AshlarCluster.start(executables ? options.ofExecutables() : options);
                Target target = Scene.target(cluster)) {
            filling.fill(cluster, target, filling.payload());
            for (Kind kind : Kind.values()) {
                List<Times> times = new ArrayList<>();
                for (int i = 0; i < rounds; i++) {
                    times.add(once(cluster, i % cluster.stores().size(), kind));
                    Scene.say("%s: stopped in %.0f ms, ready %.0f ms after its start"
                            .formatted(
                                    kind.label,
                                    times.getLast().stopMs(),
                                    times.getLast().readyMs()));
                }
                double stop = times.stream().mapToDouble(Times::stopMs).max().orElse(0);
                double[] ready =
                        times.stream().mapToDouble(Times::readyMs).sorted().toArray();
                rows.add(List.of(
                        kind.label + ", " + filling.mib + " MiB of values",
                        Integer.toString(rounds),
                        Numbers.fixed(stop / 1000, 2),
                        Numbers.fixed(ready[ready.length / 2] / 1000, 2),
                        Numbers.fixed(ready[ready.length - 1] / 1000, 2)));
                json.put(kind.name().toLowerCase(Locale.ROOT) + "_ready_ms_median", ready[ready.length / 2]);
                json.put(kind.name().toLowerCase(Locale.ROOT) + "_ready_ms_max", ready[ready.length - 1]);
            }
        }
        scene.publish(
                json,
                Markdown.table(
                        List.of(
                                executables ? "restart of a native store" : "restart of a store",
                                "rounds",
                                "slowest stop s",
                                "ready s, median",
                                "ready s, slowest"),
                        rows));
        return 0;
    }

    private static Times once(AshlarCluster cluster, int i, Kind kind) throws IOException, InterruptedException {
        ServerProcess store = cluster.stores().get(i);
        long start = System.nanoTime();
        if (kind != Kind.CLEAN) {
            store.kill();
        } else if (!store.stop()) {
            Scene.say("%s did not stop by itself and was killed".formatted(store.name()));
        }
        double stopMs = (System.nanoTime() - start) / 1e6;
        if (kind == Kind.LOST) {
            WorkDirectory.delete(cluster.dir().resolve(store.name()));
        }
        start = System.nanoTime();
        store.restart();
        Waiting.until(
                store.name() + " to be ready",
                LIMIT,
                () -> HttpProbe.get(cluster.readyUri(i)).status() == 200);
        if (kind == Kind.LOST) {
            // The coordinators know the new disk by now: another store may restart when the replicas on it are whole.
            int other = (i + 1) % cluster.stores().size();
            Waiting.until(
                    "full strength without the disk of " + store.name(),
                    LIMIT,
                    () -> HttpProbe.get(cluster.gateUri(other)).body().contains("\"proceed\""));
        }
        double readyMs = (System.nanoTime() - start) / 1e6;
        cluster.awaitLeaders(LIMIT);
        return new Times(stopMs, readyMs);
    }
}
