package dev.ashlar.acceptance.placement;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.acceptance.history.History;
import dev.ashlar.acceptance.history.HistoryCheck;
import dev.ashlar.acceptance.workload.KvClient;
import dev.ashlar.acceptance.workload.Workload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Stores lose their disks one after the other, under load, until no disk is left of those that the cluster was formed with.
 * Each time the shards come back to full strength without anybody's help, and no acknowledged write is lost.
 */
class LostDiskTest {
    private static final int CLIENTS = 8;
    private static final List<String> KEYS =
            IntStream.range(0, 48).mapToObj(i -> "key/" + i).toList();

    @Test
    void everyDiskIsLostOnceAndNothingElse() {
        ClusterSize size = new ClusterSize(3, 1, 6);
        History history = new History();
        AtomicLong values = new AtomicLong();
        try (LocalCluster cluster = LocalCluster.start("lost-disk", size)) {
            cluster.awaitFullStrength();
            List<String> urls =
                    cluster.stores().stream().map(store -> store.ports().url()).toList();
            try (Workload load = new Workload(urls, history, values, KEYS, CLIENTS, 1)) {
                for (ServerProcess store : cluster.stores()) {
                    store.kill();
                    cluster.loseDisk(store);
                    long sinceNanos = System.nanoTime();
                    store.start();
                    cluster.awaitReady(store);
                    cluster.await("the new disk of " + store.name(), () -> Members.onPresentDisks(cluster));
                    cluster.awaitFullStrength();
                    System.out.printf(
                            "%s: full strength %d ms after the start with an empty disk%n",
                            store.name(), (System.nanoTime() - sinceNanos) / 1_000_000);
                }
            }
            cluster.awaitReplicasAgree();
            Reads.everyKeyThroughEveryStore(cluster, new KvClient(), KEYS, history);
            HistoryCheck check = HistoryCheck.of(history, size.shards());
            System.out.printf("%d acknowledged writes%n", check.acknowledgedWrites());
            assertThat(check.problems()).isEmpty();
            assertThat(check.acknowledgedWrites()).isGreaterThan(100);
        }
    }
}
