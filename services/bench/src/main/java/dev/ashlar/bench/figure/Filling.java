package dev.ashlar.bench.figure;

import java.util.List;

import picocli.CommandLine.Option;

import dev.ashlar.bench.LoadOptions;
import dev.ashlar.bench.load.LoadGenerator;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.process.AshlarCluster;
import dev.ashlar.bench.report.ResultTable;

/** Puts a given amount of values into a cluster through its API. */
public final class Filling {
    @Option(names = "--mib", defaultValue = "1024", description = "MiB of values to load (default ${DEFAULT-VALUE})")
    int mib;

    @Option(names = "--value-bytes", defaultValue = "4096", description = "default ${DEFAULT-VALUE}")
    int valueBytes;

    @Option(names = "--clients", defaultValue = "32", description = "default ${DEFAULT-VALUE}")
    int clients;

    Payload payload() {
        long keys = ((long) mib << 20) / valueBytes;
        return Payload.of(LoadOptions.KEY_PREFIX, Math.toIntExact(keys), 24, valueBytes, 42);
    }

    LoadResult fill(AshlarCluster cluster, Target target, Payload payload) throws InterruptedException {
        LoadResult result = new LoadGenerator(payload).fill(target, clients, cluster.pids());
        Scene.say("loaded %d MiB in %.1f s, refused and tried again: %s"
                .formatted(mib, result.seconds(), ResultTable.errors(result)));
        return result;
    }

    /** MiB of values written per second. */
    double mibPerSecond(LoadResult result) {
        return mib / result.seconds();
    }

    /** The ids of the stores. */
    static List<Long> pids(AshlarCluster cluster) {
        return cluster.stores().stream().map(store -> store.pid()).toList();
    }
}
