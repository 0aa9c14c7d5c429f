package dev.ashlar.acceptance.rollout;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.acceptance.workload.Figures;

import static org.assertj.core.api.Assertions.assertThat;

/** Every store is restarted under load, one after the other as the gate permits; then what a person may order wrongly. */
class RollingRestartTest {
    private static final int CLIENTS = Integer.getInteger("ashlar.acceptance.clients", 16);
    private static final ClusterSize SIZE = new ClusterSize(3, 1, Integer.getInteger("ashlar.acceptance.shards", 3));

    @Test
    void noRequestFailsAndWrongOrdersChangeNothing() {
        try (LocalCluster cluster = LocalCluster.start("rolling-restart", SIZE)) {
            Coordinator ask = new Coordinator(cluster);
            cluster.stores().forEach(cluster::awaitReady);
            restartAll(cluster, ask);
            wrongOrders(cluster, ask);
            drainAndBack(cluster, ask);
        }
    }

    private static void restartAll(LocalCluster cluster, Coordinator ask) {
        List<String> urls =
                cluster.stores().stream().map(store -> store.ports().url()).toList();
        Figures figures = new Figures();
        RestartLoad load = new RestartLoad(urls, CLIENTS);
        try (load) {
            cluster.await("a thousand calls", () -> load.calls() > 1_000);
            for (ServerProcess store : cluster.stores().reversed()) {
                int ordinal = Integer.parseInt(store.name().substring("store-".length()));
                ask.awaitGate("store", ordinal);
                long sinceNanos = System.nanoTime();
                assertThat(store.terminate())
                        .as(store.name() + " stops in order")
                        .isIn(0, 143);
                long stoppedNanos = System.nanoTime();
                store.start();
                cluster.awaitReady(store);
                load.takesPartAgain(store.ports().url());
                figures.add("stopped", List.of((stoppedNanos - sinceNanos) / 1_000_000));
                figures.add("ready again", List.of((System.nanoTime() - stoppedNanos) / 1_000_000));
            }
        }
        figures.add(
                "longest time without an acknowledged write, by shard",
                new ArrayList<>(load.stallMs().values()));
        figures.write(Path.of("target", "acceptance-figures", "rolling-restart.json"));
        System.out.printf(
                "rolling restart: %d calls of %d clients, %d tried twice, %d failed%n%s",
                load.calls(), CLIENTS, load.retries(), load.failures().size(), figures);
        assertThat(load.failures()).isEmpty();
        assertThat(load.stallMs()).hasSize(cluster.size().shards());
    }

    private static void wrongOrders(LocalCluster cluster, Coordinator ask) {
        for (ServerProcess coordinator : cluster.coordinators()) {
            assertThat(ask.get(coordinator, "/v1/gate?statefulset=store&ordinal=9")
                            .problem())
                    .isEqualTo("404 not_found");
            assertThat(ask.get(coordinator, "/v1/gate?statefulset=coordinator&ordinal=7")
                            .problem())
                    .isEqualTo("404 not_found");
            for (String bad : List.of(
                    "",
                    "?statefulset=store",
                    "?statefulset=pod&ordinal=1",
                    "?statefulset=store&ordinal=-1",
                    "?statefulset=store&ordinal=x")) {
                assertThat(ask.get(coordinator, "/v1/gate" + bad).problem()).isEqualTo("400 invalid_argument");
            }
            assertThat(ask.post(coordinator, "/v1/stores/store-9/drain", "").problem())
                    .isEqualTo("404 not_found");
            assertThat(ask.post(coordinator, "/v1/stores/Store%20x/drain", "").problem())
                    .isEqualTo("400 invalid_argument");
            assertThat(ask.post(coordinator, "/v1/stores/store-1/decommission", "")
                            .problem())
                    .as("three replicas on two stores")
                    .isEqualTo("409 conflict");
            assertThat(ask.post(coordinator, "/v1/shards/99/transfer", "{\"to\":\"store-1\"}")
                            .problem())
                    .isEqualTo("404 not_found");
            assertThat(ask.post(coordinator, "/v1/shards/0/transfer", "{\"to\":\"store-9\"}")
                            .problem())
                    .isEqualTo("404 not_found");
            assertThat(ask.post(coordinator, "/v1/shards/0/transfer", "store-1").problem())
                    .isEqualTo("400 invalid_argument");
            Coordinator.Reply finished = ask.post(coordinator, "/v1/finalize", "");
            assertThat(finished.body().path("changed").asBoolean(true)).isFalse();
        }
        assertThat(ask.get(cluster.coordinators().getFirst(), "/v1/cluster")
                        .body()
                        .path("stores")
                        .findValuesAsText("state"))
                .containsOnly("up");
    }

    private static void drainAndBack(LocalCluster cluster, Coordinator ask) {
        ServerProcess coordinator = cluster.coordinators().getLast();
        assertThat(drain(ask, coordinator, "drain")).isTrue();
        assertThat(drain(ask, coordinator, "drain")).as("a second time").isFalse();
        cluster.await("store-1 leads nothing", () -> leadersOf(ask, coordinator, "store-1") == 0);
        assertThat(ask.get(coordinator, "/v1/gate?statefulset=store&ordinal=0")
                        .body()
                        .toString())
                .contains("store-1 is drained");
        assertThat(ask.post(coordinator, "/v1/shards/0/transfer", "{\"to\":\"store-1\"}")
                        .problem())
                .isEqualTo("409 conflict");
        assertThat(drain(ask, coordinator, "undrain")).isTrue();
        cluster.await("store-1 leads again", () -> leadersOf(ask, coordinator, "store-1") > 0);
    }

    private static boolean drain(Coordinator ask, ServerProcess coordinator, String verb) {
        Coordinator.Reply reply = ask.post(coordinator, "/v1/stores/store-1/" + verb, "");
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
        return reply.body().path("changed").asBoolean();
    }

    private static int leadersOf(Coordinator ask, ServerProcess coordinator, String name) {
        for (var store : ask.get(coordinator, "/v1/cluster").body().path("stores")) {
            if (store.path("name").asText().equals(name)) {
                return store.path("leaders").asInt();
            }
        }
        return -1;
    }
}
