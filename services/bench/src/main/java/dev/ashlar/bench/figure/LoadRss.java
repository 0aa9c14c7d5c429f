package dev.ashlar.bench.figure;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.ashlar.bench.load.LoadGenerator;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.process.AshlarCluster;
import dev.ashlar.bench.report.Markdown;
import dev.ashlar.bench.report.Numbers;

/** {@code load-rss}: resident memory of every store, once a second, while data is loaded and then while it is used. */
@Command(
        name = "load-rss",
        mixinStandardHelpOptions = true,
        description = "Load data through the API; report the memory of the stores before, during and after.")
public final class LoadRss implements Callable<Integer> {
    @Option(
            names = "--hold",
            defaultValue = "0",
            description = "seconds of mixed load afterwards (default ${DEFAULT-VALUE})")
    int holdSeconds;

    @Mixin
    Scene scene;

    @Mixin
    Filling filling;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<List<String>> rows = new ArrayList<>();
        ObjectNode json = scene.json("load-rss");
        json.put("mib", filling.mib);
        try (AshlarCluster cluster = scene.start();
                Target target = Scene.target(cluster)) {
            Payload payload = filling.payload();
            List<long[]> loading = new ArrayList<>();
            List<long[]> holding = new ArrayList<>();
            LoadResult filled;
            try (RssSampler sampler = new RssSampler(Filling.pids(cluster))) {
                filled = filling.fill(cluster, target, payload);
                collect(sampler, loading);
            }
            if (holdSeconds > 0) {
                try (RssSampler sampler = new RssSampler(Filling.pids(cluster))) {
                    LoadSpec spec = LoadSpec.of(
                            Workload.MIXED, filling.clients, Duration.ZERO, Duration.ofSeconds(holdSeconds));
                    new LoadGenerator(payload).run(target, spec, List.of());
                    collect(sampler, holding);
                }
            }
            json.put("mib_per_second", filling.mibPerSecond(filled));
            ArrayNode stores = json.putArray("stores");
            for (int i = 0; i < loading.size(); i++) {
                String name = cluster.stores().get(i).name();
                rows.add(row(name, loading.get(i), i < holding.size() ? holding.get(i) : new long[0]));
                stores.addObject()
                        .put("name", name)
                        .put("start_bytes", loading.get(i)[0])
                        .put("max_bytes", Arrays.stream(loading.get(i)).max().orElse(0))
                        .put("end_bytes", loading.get(i)[loading.get(i).length - 1])
                        .put(
                                "hold_max_bytes",
                                i < holding.size()
                                        ? Arrays.stream(holding.get(i)).max().orElse(0)
                                        : 0);
            }
            scene.publish(
                    json,
                    "%d MiB of values of %d bytes loaded at %.1f MiB/s:\n\n"
                                    .formatted(filling.mib, filling.valueBytes, filling.mibPerSecond(filled))
                            + Markdown.table(
                                    List.of(
                                            "RSS in MiB",
                                            "before",
                                            "highest while loading",
                                            "rise",
                                            "after",
                                            "first minute of " + holdSeconds + " s of load",
                                            "last minute"),
                                    rows));
        }
        return 0;
    }

    private static void collect(RssSampler sampler, List<long[]> into) {
        for (int i = 0; i < 3; i++) {
            into.add(sampler.of(i));
        }
    }

    private static List<String> row(String name, long[] loading, long[] holding) {
        long max = Arrays.stream(loading).max().orElse(0);
        return List.of(
                name,
                Numbers.mib(loading[0]),
                Numbers.mib(max),
                Numbers.mib(max - loading[0]),
                Numbers.mib(loading[loading.length - 1]),
                holding.length == 0
                        ? "–"
                        : Numbers.mib(Arrays.stream(holding).limit(60).max().orElse(0)),
                holding.length == 0
                        ? "–"
                        : Numbers.mib(Arrays.stream(holding)
                                .skip(Math.max(0, holding.length - 60))
                                .max()
                                .orElse(0)));
    }
}
