package dev.ashlar.acceptance.kill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.acceptance.history.Call;
import dev.ashlar.acceptance.history.History;
import dev.ashlar.acceptance.history.HistoryCheck;
import dev.ashlar.acceptance.history.Operation;
import dev.ashlar.acceptance.history.Outcome;
import dev.ashlar.acceptance.workload.Figures;
import dev.ashlar.acceptance.workload.KvClient;
import dev.ashlar.acceptance.workload.ShardProbes;
import dev.ashlar.acceptance.workload.Workload;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rounds of faults under load.
 *
 * <ol>
 *   <li>Each round: choose a victim by seed, break it, measure until every shard has acknowledged a write again through the
 *       survivors, mend it, wait until it is ready.
 *   <li>Rounds go over stores and coordinators in turn; every third fault of a store is a freeze instead of a kill.
 *   <li>Then all coordinators die at once: shards must take writes as before, since coordinators are not on the data path.
 *       Then everything dies at once and is started again.
 *   <li>At the end, without load: equal revisions on all stores; every key is read through every store, as part of the
 *       history; the history is checked. With a stale read planted into it, it must not pass.
 * </ol>
 */
final class KillLoop {
    /** The figure is 3 s on a quiet machine; tests run on loaded ones. */
    private static final Duration WRITABLE_LIMIT = Duration.ofSeconds(10);

    /** A frozen process keeps its connections: requests to it have to run into their time limits first. */
    private static final Duration WRITABLE_AFTER_FREEZE_LIMIT = Duration.ofSeconds(30);

    private static final Duration READ_LIMIT = Duration.ofSeconds(10);
    private static final int KEYS = 48;

    private final String name;
    private final int rounds;
    private final int clients;
    private final Random random;
    private final long seed;
    private final LocalCluster cluster;
    private final History history = new History();
    private final AtomicLong values = new AtomicLong();
    private final Figures figures = new Figures();
    private final List<String> keys =
            IntStream.range(0, KEYS).mapToObj(i -> "key/" + i).toList();

    private KillLoop(String name, LocalCluster cluster, int rounds) {
        this.name = name;
        this.cluster = cluster;
        this.rounds = rounds;
        this.clients = Integer.getInteger("ashlar.acceptance.clients", 16);
        this.seed = Long.getLong("ashlar.acceptance.seed", 1L);
        this.random = new Random(seed);
    }

    /** Runs it on a cluster of its own; stores that are {@code restartedBefore} have been killed once before the load. */
    static void run(String name, ClusterSize size, int rounds, boolean restartedBefore) {
        try (LocalCluster cluster = LocalCluster.start(name, size)) {
            new KillLoop(name, cluster, rounds).run(restartedBefore);
        }
    }

    private void run(boolean restartedBefore) {
        ShardProbes probes = new ShardProbes(cluster.size().shards(), history, values);
        probes.untilWritable(runningUrls(), System.nanoTime(), WRITABLE_AFTER_FREEZE_LIMIT);
        if (restartedBefore) {
            for (ServerProcess store : cluster.stores()) {
                store.kill();
                store.start();
                cluster.awaitReady(store);
            }
        }
        List<String> allUrls =
                cluster.stores().stream().map(store -> store.ports().url()).toList();
        try (Workload load = new Workload(allUrls, history, values, keys, clients, seed)) {
            for (int round = 0; round < rounds; round++) {
                round(round, probes);
            }
            allCoordinatorsDie(probes);
            everythingDies(probes);
        }
        cluster.awaitLeaders();
        cluster.awaitReplicasAgree();
        readEverywhere(probes);
        HistoryCheck check = HistoryCheck.of(history, cluster.size().shards());
        figures.write(Path.of("target", "acceptance-figures", name + ".json"));
        System.out.printf(
                "%s, seed %d: %d rounds, %d operations on %d keys, %d acknowledged writes, %d unknown%n%s",
                name,
                seed,
                rounds,
                check.operations(),
                check.keys(),
                check.acknowledgedWrites(),
                check.unknownWrites(),
                figures);
        assertThat(check.problems()).as("seed %d", seed).isEmpty();
        assertThat(check.acknowledgedWrites()).as("writes under load").isGreaterThan(rounds * 10);
        assertThat(HistoryCheck.of(withStaleRead(), cluster.size().shards()).problems())
                .as("a planted stale read is caught")
                .isNotEmpty();
    }

    /** The history and, at its end, a read of the first acknowledged put of a key that has been written since. */
    private History withStaleRead() {
        History planted = new History();
        history.all().forEach(planted::add);
        Operation first = history.all().stream()
                .filter(o -> o.call() instanceof Call.Put && o.outcome() instanceof Outcome.Written)
                .min(Comparator.comparingLong(Operation::writtenRevision))
                .orElseThrow();
        long value = ((Call.Put) first.call()).value();
        long nowNanos = System.nanoTime();
        planted.add(new Operation(
                -2,
                first.key(),
                new Call.Get(),
                new Outcome.Found(value, first.writtenRevision()),
                nowNanos,
                nowNanos + 1));
        return planted;
    }

    private void round(int round, ShardProbes probes) {
        boolean store = round % 2 == 0;
        List<ServerProcess> candidates = store ? cluster.stores() : cluster.coordinators();
        ServerProcess victim = candidates.get(random.nextInt(candidates.size()));
        boolean freeze = store && round % 6 == 4;
        long sinceNanos = System.nanoTime();
        if (freeze) {
            victim.freeze();
        } else {
            victim.kill();
        }
        List<Long> tookMs = writable(
                "round " + round + ", " + victim.name() + (freeze ? " frozen" : " killed"),
                probes,
                sinceNanos,
                freeze ? WRITABLE_AFTER_FREEZE_LIMIT : WRITABLE_LIMIT);
        long slowestMs = tookMs.stream().mapToLong(Long::longValue).max().orElseThrow();
        String kind = victim.isStore() ? "store" : "coordinator";
        figures.add(kind + (freeze ? " frozen" : " killed") + ", every shard writable", List.of(slowestMs));
        long mendedNanos = System.nanoTime();
        if (freeze) {
            victim.thaw();
        } else {
            victim.start();
        }
        cluster.awaitReady(victim);
        cluster.awaitLeaders();
        long backMs = (System.nanoTime() - mendedNanos) / 1_000_000;
        figures.add(kind + (freeze ? " thawed" : " started") + ", ready", List.of(backMs));
        System.out.printf(
                "%s round %d: %s %s, every shard writable after %d ms; back after %d ms%n",
                name, round, victim.name(), freeze ? "frozen" : "killed", slowestMs, backMs);
    }

    private void allCoordinatorsDie(ShardProbes probes) {
        cluster.coordinators().forEach(ServerProcess::kill);
        List<Long> tookMs = writable("all coordinators killed", probes, System.nanoTime(), WRITABLE_LIMIT);
        figures.add("all coordinators killed, a write of each shard", tookMs);
        cluster.coordinators().forEach(ServerProcess::start);
        cluster.awaitLeaders();
    }

    private void everythingDies(ShardProbes probes) {
        cluster.processes().forEach(ServerProcess::kill);
        long sinceNanos = System.nanoTime();
        cluster.processes().forEach(ServerProcess::start);
        List<Long> tookMs = writable("everything killed", probes, sinceNanos, LocalCluster.WAIT_MAX);
        figures.add("everything killed and started, a write of each shard", tookMs);
        cluster.stores().forEach(cluster::awaitReady);
    }

    private List<Long> writable(String when, ShardProbes probes, long sinceNanos, Duration limit) {
        try {
            return probes.untilWritable(runningUrls(), sinceNanos, limit);
        } catch (AssertionError leaderless) {
            throw new AssertionError(when + ": " + leaderless.getMessage() + "\n" + cluster.describe(), leaderless);
        }
    }

    private void readEverywhere(ShardProbes probes) {
        KvClient client = new KvClient();
        List<String> all = new ArrayList<>();
        Stream.concat(keys.stream(), probes.keys().stream()).forEach(all::add);
        for (ServerProcess store : cluster.stores()) {
            for (String key : all) {
                cluster.await("a read of " + key, () -> read(client, store, key));
            }
        }
    }

    private boolean read(KvClient client, ServerProcess store, String key) {
        try {
            Call call = new Call.Get();
            long invokeNanos = System.nanoTime();
            Outcome outcome = client.send(store.ports().url(), key, call, READ_LIMIT);
            history.add(new Operation(-1, key, call, outcome, invokeNanos, System.nanoTime()));
            return !(outcome instanceof Outcome.Failed) && !(outcome instanceof Outcome.Unknown);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private List<String> runningUrls() {
        return cluster.runningStores().stream()
                .map(store -> store.ports().url())
                .toList();
    }
}
