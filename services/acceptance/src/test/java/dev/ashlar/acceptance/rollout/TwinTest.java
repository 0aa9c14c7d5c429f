package dev.ashlar.acceptance.rollout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.acceptance.history.History;
import dev.ashlar.acceptance.history.HistoryCheck;
import dev.ashlar.acceptance.workload.ShardProbes;
import dev.ashlar.acceptance.workload.Workload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Two live processes of one store (S5): a pod that was deleted by force while its node was out of reach, and the pod that
 * replaced it.
 *
 * <ol>
 *   <li>On the same disk the second one does not start.
 *   <li>On a copy of the disk the newer one is the store. The older one is frozen meanwhile and thaws later, with no
 *       coordinator alive that could tell it: no peer takes its votes or its entries, so it can neither acknowledge a write
 *       nor answer a linearizable read; whatever clients ask of it, the history stays linearizable.
 *   <li>A coordinator comes back: the older one learns that it is fenced, and ends by itself.
 * </ol>
 */
class TwinTest {
    private static final int EXIT_REFUSED = 2;
    private static final int EXIT_STOPPED = 3;
    private static final int CLIENTS = 8;
    private static final int OPERATIONS = Integer.getInteger("ashlar.acceptance.operations.min", 1_000);

    @Test
    void theOlderOfTwoProcessesOfOneStoreNeitherServesNorVotes() throws Exception {
        try (LocalCluster cluster = LocalCluster.start("twins", new ClusterSize(3, 1, 3))) {
            ServerProcess older = cluster.stores().getLast();
            cluster.awaitReady(older);
            onTheSameDisk(cluster, older);
            Path copy = older.dataDir().resolveSibling("copy");
            ServerProcess newer = older.twin("store-2-newer", Map.of("ASHLAR_DATA_DIR", copy.toString()));
            try {
                onACopy(cluster, older, newer, copy);
            } finally {
                newer.kill();
            }
        }
    }

    private static void onTheSameDisk(LocalCluster cluster, ServerProcess first) {
        ServerProcess second = first.twin("store-2-same-disk", Map.of());
        try {
            second.start();
            cluster.await("the second process on the disk to give up", () -> second.exitValue()
                    .isPresent());
            assertThat(second.exitValue()).hasValue(EXIT_REFUSED);
            assertThat(second.logContains("in use by another process")).isTrue();
        } finally {
            second.kill();
        }
        cluster.awaitReady(first);
    }

    private static void onACopy(LocalCluster cluster, ServerProcess older, ServerProcess newer, Path copy)
            throws IOException {
        ServerProcess coordinator = cluster.coordinators().getFirst();
        History history = new History();
        AtomicLong values = new AtomicLong();
        List<String> urls = new ArrayList<>(
                cluster.stores().stream().map(store -> store.ports().url()).toList());
        urls.add(newer.ports().url());
        List<String> keys = IntStream.range(0, 24).mapToObj(i -> "twin/" + i).toList();
        ShardProbes probes = new ShardProbes(cluster.size().shards(), history, values);
        List<String> others = List.of(urls.get(0), urls.get(1), newer.ports().url());
        try (Workload load = new Workload(urls, history, values, keys, CLIENTS, 1)) {
            older.freeze();
            copyTree(older.dataDir(), copy);
            newer.start();
            cluster.awaitReady(newer);
            coordinator.kill();
            older.thaw();
            probes.untilWritable(others, System.nanoTime(), LocalCluster.WAIT_MAX);
            cluster.await(
                    "a while with two live twins and no coordinator",
                    () -> history.all().size() > OPERATIONS);
            probes.untilWritable(others, System.nanoTime(), LocalCluster.WAIT_MAX);
            coordinator.start();
            cluster.await("the older twin to end", () -> older.exitValue().isPresent());
        }
        assertThat(older.exitValue()).hasValue(EXIT_STOPPED);
        assertThat(older.logContains("fenced: a newer process runs as store-2")).isTrue();
        cluster.awaitReady(newer);
        HistoryCheck check = HistoryCheck.of(history, cluster.size().shards());
        System.out.printf(
                "twins: %d operations, %d acknowledged writes, %d unknown%n",
                check.operations(), check.acknowledgedWrites(), check.unknownWrites());
        assertThat(check.problems()).isEmpty();
        assertThat(check.acknowledgedWrites()).isGreaterThan(100);
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
    }
}
