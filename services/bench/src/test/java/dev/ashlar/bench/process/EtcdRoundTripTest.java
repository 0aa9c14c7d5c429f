package dev.ashlar.bench.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.bench.grpc.EtcdGrpc;
import dev.ashlar.bench.grpc.EtcdWatchers;
import dev.ashlar.bench.http.EtcdJson;
import dev.ashlar.bench.load.LoadGenerator;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Outcome;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.watch.Deliveries;
import dev.ashlar.bench.watch.WatchedTarget;
import dev.ashlar.bench.watch.Watchers;

import static org.assertj.core.api.Assertions.assertThat;

/** Both etcd clients against a real etcd; needs one by {@code ETCD} or on the PATH. */
@Timeout(90)
class EtcdRoundTripTest {
    @TempDir
    Path dir;

    @Test
    void writesAndReadsByGrpcAndJson() throws InterruptedException {
        Optional<Path> binary = EtcdBinary.find();
        if (binary.isEmpty()) {
            System.err.println("SKIPPED: no etcd found (set ETCD to its path); the etcd clients were not tested");
        }
        Assumptions.assumeTrue(binary.isPresent(), "no etcd: set ETCD");
        Payload payload = Payload.of("bench/", 500, 24, 256, 1);
        try (EtcdCluster etcd = EtcdCluster.start(binary.get(), dir, 1, 24_990)) {
            assertThat(etcd.leader()).isEqualTo(etcd.members().getFirst());
            for (Target target : List.of(new EtcdGrpc("etcd-grpc", etcd.members()), new EtcdJson(etcd.members()))) {
                Payload other = Payload.of(target.name() + "/", 500, 24, 256, 1);
                roundTrip(new LoadGenerator(other), target, etcd);
            }
            transactionsAndLocks(etcd);
            watches(etcd);
            // A key that was never written must not count as a read.
            LoadResult missing = new LoadGenerator(payload)
                    .run(new EtcdGrpc("etcd-grpc", etcd.members()), spec(Workload.GET), List.of());
            assertThat(missing.operations()).isZero();
        }
    }

    private static void roundTrip(LoadGenerator generator, Target target, EtcdCluster etcd)
            throws InterruptedException {
        LoadResult filled = generator.fill(target, 40, etcd.pids());
        assertThat(filled.operations()).as(target.name()).isEqualTo(500);
        LoadResult mixed = generator.run(target, spec(Workload.MIXED), etcd.pids());
        assertThat(mixed.errors()).as(target.name()).isZero();
        assertThat(mixed.counts().reads().getTotalCount())
                .as(target.name())
                .isGreaterThan(mixed.counts().writes().getTotalCount());
        assertThat(mixed.servers().cpuSeconds()).isPositive();
    }

    private static void transactionsAndLocks(EtcdCluster etcd) throws InterruptedException {
        LoadGenerator generator = new LoadGenerator(Payload.grouped("txn/", 50, 24, 256, 1));
        EtcdGrpc target = new EtcdGrpc("etcd-grpc", etcd.members());
        LoadResult early = generator.run(target, spec(Workload.TXN), List.of());
        assertThat(early.operations()).as("keys that do not exist").isZero();
        assertThat(early.counts().errors()).containsOnlyKeys(Outcome.WRONG_ANSWER);
        generator.fill(target, 40, List.of());
        for (LoadResult result : List.of(
                generator.run(target, spec(Workload.TXN), List.of()),
                generator.run(target, spec(Workload.LOCK), List.of()),
                generator.run(new EtcdGrpc("kept", etcd.members(), true), spec(Workload.LOCK), List.of()))) {
            assertThat(result.operations()).isPositive();
            assertThat(result.errors()).isZero();
        }
    }

    private static void watches(EtcdCluster etcd) throws InterruptedException {
        Deliveries deliveries = new Deliveries(6, 100, 150);
        Watchers watchers = new EtcdWatchers(etcd.members(), 2, new Watchers.Watched("watch/", 18, 256));
        WatchedTarget target = new WatchedTarget(new EtcdGrpc("etcd-grpc", etcd.members()), watchers, deliveries);
        // The counted writes come a second after the watchers, and the last of them a second before the end.
        LoadSpec spec = spec(Workload.LOAD, Duration.ofSeconds(30)).paced(100);
        new LoadGenerator(Payload.of("watch/", 250, 24, 256, 1)).run(target, spec, List.of());
        assertThat(deliveries.count()).isPositive();
        assertThat(deliveries.broken()).isZero();
    }

    private static LoadSpec spec(Workload workload, Duration counted) {
        return LoadSpec.of(workload, 40, Duration.ZERO, counted);
    }

    private static LoadSpec spec(Workload workload) {
        return LoadSpec.of(workload, 40, Duration.ofMillis(100), Duration.ofMillis(500));
    }
}
