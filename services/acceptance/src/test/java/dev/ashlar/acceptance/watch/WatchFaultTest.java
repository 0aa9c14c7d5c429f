package dev.ashlar.acceptance.watch;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.acceptance.history.History;
import dev.ashlar.acceptance.history.Operation;
import dev.ashlar.acceptance.workload.Workload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S4 and watches: watches, and writes that are repeated until they are acknowledged, while stores are killed, stopped and started again under load, so that leaders change and connections break. Of
 * four stores none has a replica of every shard, so each watch needs the histories of others too. At the end every watch
 * must have told every write, once, in order, wherever it was connected when it happened.
 */
class WatchFaultTest {
    private static final ClusterSize SIZE = new ClusterSize(4, 3, 6);
    private static final int KEYS = 40;
    private static final int WATCHES = 4;

    private final long seed = Long.getLong("ashlar.acceptance.seed", 1L);
    private final int rounds = Integer.getInteger("ashlar.acceptance.rounds", 3);
    private final Random random = new Random(seed);

    @Test
    void noEventIsLostDoubledOrOutOfOrder() {
        try (LocalCluster cluster = LocalCluster.start("watch-faults", SIZE)) {
            List<String> urls =
                    cluster.stores().stream().map(store -> store.ports().url()).toList();
            List<WatchClient> watches = new ArrayList<>();
            try {
                for (int i = 0; i < WATCHES; i++) {
                    watches.add(new WatchClient(urls, seed * 100 + i));
                }
                cluster.await("all watches to begin", () -> watches.stream().allMatch(WatchClient::begun));
                History history = new History();
                List<String> keys =
                        IntStream.range(0, KEYS).mapToObj(i -> "key/" + i).toList();
                AtomicLong values = new AtomicLong();
                try (Workload load = new Workload(urls, history, values, keys, 8, seed);
                        OnceWriter once = new OnceWriter(urls, history, values, seed)) {
                    for (int round = 0; round < rounds; round++) {
                        fault(cluster, history, round);
                    }
                    System.out.printf("watch-faults: %d tries of writes with a key had no answer%n", once.retries());
                }
                cluster.awaitLeaders();
                check(cluster, watches, history);
            } finally {
                watches.forEach(WatchClient::close);
            }
        }
    }

    private void fault(LocalCluster cluster, History history, int round) {
        ServerProcess victim =
                cluster.stores().get(random.nextInt(cluster.stores().size()));
        boolean kill = random.nextInt(3) > 0;
        if (kill) {
            victim.kill();
        } else {
            victim.terminate();
        }
        awaitWrites(cluster, history, "with " + victim.name() + (kill ? " killed" : " stopped"));
        victim.start();
        cluster.awaitReady(victim);
        cluster.awaitLeaders();
        awaitWrites(cluster, history, "after round " + round);
    }

    private static void awaitWrites(LocalCluster cluster, History history, String when) {
        long before = written(history.all());
        cluster.await("writes " + when, () -> written(history.all()) >= before + 40);
    }

    private static long written(List<Operation> operations) {
        return operations.stream()
                .filter(operation -> operation.writtenRevision() > 0)
                .count();
    }

    private void check(LocalCluster cluster, List<WatchClient> watches, History history) {
        List<Operation> operations = history.all();
        cluster.await("every watch to tell of every acknowledged write", () -> watches.stream()
                .allMatch(watch -> {
                    List<Seen> seen = watch.seen();
                    return seen.size() >= written(operations)
                            && WatchCheck.problems(List.of(seen), operations, SIZE.shards()).stream()
                                    .noneMatch(problem -> problem.startsWith("no watch told"));
                }));
        List<List<Seen>> told = watches.stream().map(WatchClient::seen).toList();
        System.out.printf(
                "watch-faults, seed %d: %d rounds, %d acknowledged writes, %d events per watch, connections %s%n",
                seed,
                rounds,
                written(operations),
                told.getFirst().size(),
                watches.stream().map(WatchClient::connections).toList());
        assertThat(watches).allSatisfy(watch -> assertThat(watch.complaints()).isEmpty());
        assertThat(WatchCheck.problems(told, operations, SIZE.shards()))
                .as("seed %d", seed)
                .isEmpty();
        assertThat(OnceWriter.problems(told.getFirst(), history))
                .as("seed %d", seed)
                .isEmpty();
        Seen once = told.getFirst().stream()
                .filter(seen -> seen.key().startsWith("once/"))
                .findFirst()
                .orElseThrow();
        List<Seen> twice = new ArrayList<>(told.getFirst());
        twice.add(new Seen(once.shard(), once.revision() + 1, once.key(), once.value()));
        assertThat(OnceWriter.problems(twice, history))
                .as("a planted second effect is caught")
                .isNotEmpty();
        // The controls: with one event taken out, or told again, it must not pass.
        List<Seen> lost = new ArrayList<>(told.getFirst());
        lost.remove(lost.size() / 2);
        List<Seen> doubled = new ArrayList<>(told.getFirst());
        doubled.add(doubled.size() / 2, doubled.getFirst());
        for (List<Seen> planted : List.of(lost, doubled)) {
            assertThat(WatchCheck.problems(List.of(planted), operations, SIZE.shards()))
                    .as("a planted fault is caught")
                    .isNotEmpty();
        }
    }
}
