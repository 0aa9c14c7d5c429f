package dev.ashlar.bench.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.ashlar.bench.compare.Measured;
import dev.ashlar.bench.figure.Scene;
import dev.ashlar.bench.load.LoadGenerator;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.process.Cluster;
import dev.ashlar.bench.report.JsonLines;
import dev.ashlar.bench.report.Numbers;

/** Loads that are measured in turn, every second round in the opposite order, so that whatever drifts meets all alike. */
final class Race {
    /** One of them. */
    record Entrant(Target target, Workload workload, Cluster cluster) {}

    private final LoadGenerator generator;
    private final Path raw;
    private final Duration warmUp;
    private final Duration counted;
    private final Map<String, List<LoadResult>> results = new LinkedHashMap<>();

    Race(LoadGenerator generator, Path raw, Duration warmUp, Duration counted) {
        this.generator = generator;
        this.raw = raw;
        this.warmUp = warmUp;
        this.counted = counted;
    }

    void round(int round, int clients, List<Entrant> entrants) throws InterruptedException {
        for (Entrant entrant : round % 2 == 0 ? entrants : entrants.reversed()) {
            entrant.cluster().requireAlive();
            LoadSpec spec = LoadSpec.of(entrant.workload(), clients, warmUp, counted);
            LoadResult result =
                    generator.run(entrant.target(), spec, entrant.cluster().pids());
            ObjectNode line = JsonLines.of(result);
            line.put("round", round);
            JsonLines.append(raw, line);
            Scene.say("round %d  %-16s %-4s %3d clients: %9s ops/s  p99 %8s ms  CPU %6s s/10k (client %s)  errors %s"
                    .formatted(
                            round + 1,
                            result.target(),
                            entrant.workload().word(),
                            clients,
                            Numbers.whole(result.opsPerSecond()),
                            Numbers.ms(result.counts().all().getValueAtPercentile(99)),
                            Numbers.fixed(result.serverCpuPer10k(), 3),
                            Numbers.fixed(result.clientCpuPer10k(), 3),
                            result.counts().errors()));
            results.computeIfAbsent(result.target() + " " + entrant.workload() + " " + clients, k -> new ArrayList<>())
                    .add(result);
        }
    }

    /** All rounds of each, in the order of the first round. */
    List<Measured> measured() {
        return results.values().stream().map(Measured::of).toList();
    }
}
