package dev.ashlar.acceptance.rollout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import dev.ashlar.acceptance.backup.AshlarCli;
import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ShardInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Everything that happens to stores in their life, one after the other, under load, with the commands of
 * docs/operations/stores.md: a store is gone for good, a disk is lost, a store is decommissioned, three stores become five,
 * all are restarted one by one, five become three, and three five.
 *
 * <p>No request fails that is tried once more, and no acknowledged write is lost. For each step: the time until every shard
 * is at full strength on the stores that are meant to hold it, the slowest request, and the longest time without an
 * acknowledged write of a shard. {@code make bench-operations} puts the table into docs/benchmarks.md.
 */
@EnabledIfSystemProperty(named = "ashlar.acceptance.operations", matches = "true")
class OperationsTest {
    private static final int CLIENTS = Integer.getInteger("ashlar.acceptance.clients", 16);
    private static final ClusterSize SIZE = new ClusterSize(5, 3, 6);
    private static final int REPLICAS = 3;
    /** The least that is allowed. */
    private static final int REPAIR_AFTER_MS = 15_000;

    private final List<String> rows = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private interface Step {
        void run() throws InterruptedException;
    }

    @Test
    void storesComeAndGoUnderLoad() throws IOException, InterruptedException {
        try (LocalCluster cluster = LocalCluster.start("operations", SIZE, (name, environment) -> {
            if (name.startsWith("coordinator-")) {
                environment.put("ASHLAR_REPAIR_AFTER_MS", Integer.toString(REPAIR_AFTER_MS));
            }
        })) {
            cluster.stores().forEach(cluster::awaitReady);
            awaitWhole(cluster, 0, 1, 2, 3, 4);
            List<String> urls =
                    cluster.stores().stream().map(store -> store.ports().url()).toList();
            RestartLoad load = new RestartLoad(urls, CLIENTS, true);
            try (load) {
                cluster.await("a thousand calls", () -> load.calls() > 1_000);
                load.seen();
                steps(cluster, load);
            }
            List<String> lost = new ArrayList<>();
            for (ServerProcess store : cluster.stores()) {
                lost.addAll(load.lost(store.ports().url()));
            }
            String table = table(lost.size());
            System.out.println(table);
            Path file = Path.of("target", "acceptance-figures", "operations.md");
            Files.createDirectories(file.getParent());
            Files.writeString(file, table);
            assertThat(lost).isEmpty();
            assertThat(problems).isEmpty();
        }
    }

    private void steps(LocalCluster cluster, RestartLoad load) throws InterruptedException {
        List<ServerProcess> stores = cluster.stores();
        step("a store is gone for good (after " + REPAIR_AFTER_MS / 1_000 + " s of silence)", load, () -> {
            stores.get(4).kill();
            awaitWhole(cluster, 0, 1, 2, 3);
        });
        step("a disk is lost", load, () -> {
            stores.get(1).kill();
            cluster.loseDisk(stores.get(1));
            start(cluster, load, 1);
            awaitWhole(cluster, 0, 1, 2, 3);
        });
        step("a store is decommissioned and stopped", load, () -> leave(cluster, 3, 0, 1, 2));
        step("three stores become five", load, () -> comeBack(cluster, load));
        step("all five are restarted, one by one", load, () -> {
            for (int ordinal = 4; ordinal >= 0; ordinal--) {
                int now = ordinal;
                cluster.await(
                        "the gate of store-" + now,
                        () -> AshlarCli.run(cluster, "gate", "store-" + now).exit() == 0);
                stores.get(now).terminate();
                start(cluster, load, now);
            }
            awaitWhole(cluster, 0, 1, 2, 3, 4);
        });
        step("five stores become three", load, () -> {
            leave(cluster, 4, 0, 1, 2, 3);
            leave(cluster, 3, 0, 1, 2);
        });
        step("three stores become five again", load, () -> comeBack(cluster, load));
    }

    /** The command of the runbook, then what it says: wait until it holds nothing, stop it. */
    private static void leave(LocalCluster cluster, int ordinal, int... left) {
        AshlarCli.Ran ran = AshlarCli.run(cluster, "decommission", "store-" + ordinal);
        assertThat(ran.exit()).as(ran.output()).isZero();
        awaitWhole(cluster, left);
        cluster.stores().get(ordinal).terminate();
    }

    /** Started again and, since a person had ordered them away, ordered to stay. */
    private static void comeBack(LocalCluster cluster, RestartLoad load) {
        for (int ordinal : new int[] {3, 4}) {
            start(cluster, load, ordinal);
            AshlarCli.Ran ran = AshlarCli.run(cluster, "undrain", "store-" + ordinal);
            assertThat(ran.exit()).as(ran.output()).isZero();
        }
        awaitWhole(cluster, 0, 1, 2, 3, 4);
    }

    private static void start(LocalCluster cluster, RestartLoad load, int ordinal) {
        ServerProcess store = cluster.stores().get(ordinal);
        store.start();
        cluster.awaitReady(store);
        load.takesPartAgain(store.ports().url());
    }

    private void step(String what, RestartLoad load, Step step) throws InterruptedException {
        long sinceNanos = System.nanoTime();
        step.run();
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos);
        RestartLoad.Seen seen = load.seen();
        rows.add(String.format(
                Locale.ROOT,
                "| %s | %.1f | %,d | %,d | %d | %,d | %,d |",
                what,
                tookMs / 1_000.0,
                seen.calls(),
                seen.retried(),
                seen.failures().size(),
                seen.slowestMs(),
                seen.stallMs()));
        System.out.println(rows.getLast());
        seen.failures().forEach(failure -> problems.add(what + ": " + failure));
    }

    private String table(int lost) {
        return CLIENTS + " clients, " + SIZE.shards() + " shards of " + REPLICAS + " replicas, " + SIZE.coordinators()
                + " coordinators; lost writes: " + lost + "\n\n"
                + "| what happened | full strength after s | requests | tried twice | failed | slowest request ms"
                + " | longest without a write ms |\n|:--|--:|--:|--:|--:|--:|--:|\n"
                + String.join("\n", rows) + "\n";
    }

    /** Every shard has its voters on these stores alone, each of which holds its share; nothing is wrong with any shard. */
    private static void awaitWhole(LocalCluster cluster, int... ordinals) {
        Set<String> names = new TreeSet<>();
        for (int ordinal : ordinals) {
            names.add("store-" + ordinal);
        }
        cluster.await(
                "full strength on " + names,
                () -> leadersView(cluster).filter(view -> isWhole(view, names)).isPresent());
    }

    private static boolean isWhole(ClusterView view, Set<String> names) {
        Map<String, Long> held = view.shards().stream()
                .flatMap(shard -> shard.replicas().stream())
                .collect(Collectors.groupingBy(ReplicaInfo::store, TreeMap::new, Collectors.counting()));
        Set<String> present = view.stores().stream()
                .filter(store -> store.state().equals("up") && names.contains(store.name()))
                .map(store -> store.name() + "." + store.diskId())
                .collect(Collectors.toSet());
        long fair = (long) SIZE.shards() * REPLICAS / names.size();
        return held.keySet().equals(present)
                && present.size() == names.size()
                && held.values().stream().allMatch(count -> count >= fair)
                && view.problems().stream().noneMatch(problem -> problem.startsWith("shard "))
                && view.shards().stream().allMatch(OperationsTest::isWhole);
    }

    private static boolean isWhole(ShardInfo shard) {
        return shard.replicas().size() == REPLICAS
                && shard.leaderReplica() != 0
                && shard.replicas().stream().allMatch(replica -> replica.kind().equals("voter"));
    }

    private static Optional<ClusterView> leadersView(LocalCluster cluster) {
        return cluster.coordinators().stream()
                .filter(ServerProcess::isRunning)
                .flatMap(coordinator -> cluster.view(coordinator).stream())
                .filter(ClusterView::authoritative)
                .findFirst();
    }
}
