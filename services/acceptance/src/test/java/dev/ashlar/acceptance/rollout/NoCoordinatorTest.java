package dev.ashlar.acceptance.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.acceptance.history.History;
import dev.ashlar.acceptance.history.HistoryCheck;
import dev.ashlar.acceptance.workload.ShardProbes;
import dev.ashlar.acceptance.workload.Workload;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.CoordinatorInfo;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.StoreInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All coordinators are killed at one moment, under load.
 *
 * <ol>
 *   <li>The stores serve: no request fails that is tried once more, and no shard stops.
 *   <li>Stores are killed and started while no coordinator lives. Each of them serves again with what its disk knows; the
 *       second one dies only then, so that its shards have a majority only with the first.
 *   <li>The coordinators start together, lead, and know what they knew: cluster, members, placement, events. They can be
 *       asked again.
 *   <li>They are killed together once more, in the middle of a drain: a transfer of leadership runs. It ends, or is undone,
 *       after they have started again, and the drain goes on.
 * </ol>
 *
 * <p>All the time clients record a history; at the end it is checked (S1, S2).
 */
class NoCoordinatorTest {
    private static final int CLIENTS = 4;
    private static final int WRITES_OF_EACH_SHARD = Integer.getInteger("ashlar.acceptance.writes.min", 200);
    private static final ClusterSize SIZE = new ClusterSize(3, 3, 3);

    private static final List<String> OPERATOR_ENDS =
            List.of("\"leader_moved\"", "\"operator_done\"", "\"operator_failed\"");

    private final History history = new History();
    private final AtomicLong values = new AtomicLong();

    @Test
    void storesServeWithoutCoordinatorsAndCoordinatorsGoOnWhereTheyWere() throws Exception {
        try (LocalCluster cluster = LocalCluster.start("no-coordinator", SIZE, (name, environment) -> {
            environment.put("ASHLAR_START_ALONE_AFTER_MS", "1000");
            // Readiness is not what is asked here: a store that has caught up is ready.
            environment.put("ASHLAR_READY_LATCH_TIMEOUT_MS", "0");
        })) {
            cluster.awaitFullStrength();
            cluster.stores().forEach(cluster::awaitReady);
            List<String> urls =
                    cluster.stores().stream().map(store -> store.ports().url()).toList();
            List<String> keys =
                    IntStream.range(0, 24).mapToObj(i -> "alone/" + i).toList();
            try (Workload recorded = new Workload(urls, history, values, keys, CLIENTS, 1)) {
                Coordinator ask = new Coordinator(cluster);
                ClusterView before = view(cluster).orElseThrow();
                List<String> events = events(cluster, ask);
                withLoad(cluster, urls, () -> killTogether(cluster));
                storesComeBackAlone(cluster, urls);
                startTogether(cluster);
                knowWhatTheyKnew(cluster, ask, before, events);
                ask.awaitGate("store", 0);
                withLoad(cluster, urls, () -> inTheMiddleOfADrain(cluster, ask));
                assertThat(events(cluster, ask)).as("the journal goes on").startsWith(events.toArray(String[]::new));
            }
            cluster.awaitReplicasAgree();
        }
        HistoryCheck check = HistoryCheck.of(history, SIZE.shards());
        System.out.printf(
                "no coordinator: %d operations, %d acknowledged writes, %d unknown%n",
                check.operations(), check.acknowledgedWrites(), check.unknownWrites());
        assertThat(check.problems()).isEmpty();
        assertThat(check.acknowledgedWrites()).isGreaterThan(WRITES_OF_EACH_SHARD);
    }

    /** Something happens under load that no client may notice; then every shard takes so many writes more. */
    private static void withLoad(LocalCluster cluster, List<String> urls, Runnable what) throws InterruptedException {
        RestartLoad load = new RestartLoad(urls, CLIENTS);
        try (load) {
            awaitWrites(cluster, load, Map.of(), 1);
            what.run();
            awaitWrites(cluster, load, load.writes(), WRITES_OF_EACH_SHARD);
        }
        System.out.printf(
                "%d calls, %d tried twice, %d failed, writes by shard %s, longest time without one in ms %s%n",
                load.calls(), load.retries(), load.failures().size(), load.writes(), load.stallMs());
        assertThat(load.failures()).isEmpty();
        assertThat(load.lost(urls.getFirst())).isEmpty();
    }

    private static void awaitWrites(LocalCluster cluster, RestartLoad load, Map<String, Long> since, int more) {
        cluster.await(more + " writes of every shard", () -> {
            Map<String, Long> now = load.writes();
            return now.size() == SIZE.shards()
                    && now.entrySet().stream()
                            .allMatch(shard -> shard.getValue() - since.getOrDefault(shard.getKey(), 0L) >= more);
        });
    }

    private void storesComeBackAlone(LocalCluster cluster, List<String> urls) {
        ShardProbes probes = new ShardProbes(SIZE.shards(), history, values);
        for (ServerProcess store : cluster.stores().subList(0, 2)) {
            store.kill();
            List<String> others = urls.stream()
                    .filter(url -> !url.equals(store.ports().url()))
                    .toList();
            probes.untilWritable(others, System.nanoTime(), LocalCluster.WAIT_MAX);
            store.start();
            cluster.awaitReady(store);
            assertThat(store.logContains("serving as the process before")).isTrue();
            probes.untilWritable(List.of(store.ports().url()), System.nanoTime(), LocalCluster.WAIT_MAX);
        }
    }

    private static void knowWhatTheyKnew(
            LocalCluster cluster, Coordinator ask, ClusterView before, List<String> events) {
        cluster.await("every store to have registered", () -> view(cluster)
                .filter(view -> view.stores().size() == SIZE.stores()
                        && view.stores().stream()
                                .allMatch(store -> store.state().equals("up")))
                .isPresent());
        ClusterView after = view(cluster).orElseThrow();
        assertThat(after.clusterId()).isEqualTo(before.clusterId());
        assertThat(placement(after)).isEqualTo(placement(before));
        assertThat(coordinators(after)).isEqualTo(coordinators(before));
        assertThat(after.stores())
                .extracting(store -> store.name() + "." + store.diskId())
                .isEqualTo(before.stores().stream()
                        .map(store -> store.name() + "." + store.diskId())
                        .toList());
        assertThat(events(cluster, ask)).startsWith(events.toArray(String[]::new));
    }

    private static void inTheMiddleOfADrain(LocalCluster cluster, Coordinator ask) {
        ServerProcess asked = cluster.coordinators().getFirst();
        String drained = view(cluster).orElseThrow().stores().stream()
                .filter(store -> store.leaders() > 0)
                .map(StoreInfo::name)
                .findFirst()
                .orElseThrow();
        int before = events(cluster, ask).size();
        Coordinator.Reply reply = ask.post(asked, "/v1/stores/" + drained + "/drain", "");
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
        cluster.await("a transfer that runs", () -> {
            List<String> events = events(cluster, ask);
            return events.size() > before && operatorsThatRun(events) > 0;
        });
        killTogether(cluster);
        startTogether(cluster);
        cluster.await(
                drained + " to lead nothing, and no operator to run",
                () -> view(cluster)
                                .filter(view -> view.stores().stream()
                                        .allMatch(store -> !store.name().equals(drained) || store.leaders() == 0))
                                .isPresent()
                        && operatorsThatRun(events(cluster, ask)) == 0);
        assertThat(ask.post(asked, "/v1/stores/" + drained + "/undrain", "").status())
                .isEqualTo(200);
        ask.awaitGate("store", 1);
    }

    /** Those that the journal says were started, without those that it says ended in one way or another. */
    private static long operatorsThatRun(List<String> events) {
        return events.stream()
                .mapToInt(event -> event.contains("\"operator_started\"")
                        ? 1
                        : OPERATOR_ENDS.stream().anyMatch(event::contains) ? -1 : 0)
                .sum();
    }

    private static void killTogether(LocalCluster cluster) {
        cluster.coordinators().parallelStream().forEach(ServerProcess::kill);
        assertThat(cluster.coordinators()).noneMatch(ServerProcess::isAlive);
    }

    private static void startTogether(LocalCluster cluster) {
        cluster.coordinators().forEach(ServerProcess::start);
        cluster.await("a coordinator that leads", () -> view(cluster).isPresent());
        cluster.coordinators().forEach(cluster::awaitReady);
    }

    private static Map<Integer, List<ReplicaInfo>> placement(ClusterView view) {
        Map<Integer, List<ReplicaInfo>> placement = new TreeMap<>();
        view.shards().forEach(shard -> placement.put(shard.shard(), shard.replicas()));
        return placement;
    }

    private static List<String> coordinators(ClusterView view) {
        return view.coordinators().stream().map(CoordinatorInfo::name).sorted().toList();
    }

    /** The whole journal, as the coordinator says that leads; empty while none does. */
    private static List<String> events(LocalCluster cluster, Coordinator ask) {
        String leader = view(cluster).map(ClusterView::source).orElse("");
        List<String> events = new ArrayList<>();
        cluster.coordinators().stream()
                .filter(coordinator -> coordinator.name().equals(leader))
                .map(coordinator -> ask.get(coordinator, "/v1/events?limit=1000"))
                .forEach(reply -> reply.body().path("events").forEach(event -> events.add(event.toString())));
        return events;
    }

    private static Optional<ClusterView> view(LocalCluster cluster) {
        return cluster.coordinators().stream()
                .filter(ServerProcess::isRunning)
                .flatMap(coordinator -> cluster.view(coordinator).stream())
                .filter(ClusterView::authoritative)
                .findFirst();
    }
}
