package dev.ashlar.coordinator.boot;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.access.Access;
import dev.ashlar.common.cluster.AdminAnswer;
import dev.ashlar.common.cluster.Event;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.HeartbeatResponse;
import dev.ashlar.common.cluster.Order;
import dev.ashlar.common.cluster.RegisterRequest;
import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.disk.StartRefusedException;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.coordinator.control.Orders;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.view.Health;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** A coordinator alone on a real log, a real database and real sockets; the store is played. It is stopped and comes back. */
class CoordinatorAloneTest {
    private static final Access ACCESS = Access.of("off", Optional.empty(), Optional.empty(), "127.0.0.1");
    private static final String DISK = "00ff00ff00ff00ff";

    @TempDir
    Path directory;

    private final ObjectMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private Vertx vertx;
    private HttpServer http;
    private volatile CoordinatorNode node;

    @BeforeEach
    void serveBootstrap() throws Exception {
        vertx = Vertx.vertx();
        http = vertx.createHttpServer()
                .requestHandler(request -> {
                    try {
                        request.response()
                                .end(json.writeValueAsString(node.status().orElseThrow()));
                    } catch (JsonProcessingException e) {
                        request.response().setStatusCode(500).end();
                    }
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        node.stop();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void aStoreGetsItsReplicasAnOlderProcessIsFencedAndAllOfItOutlivesARestart() throws Exception {
        start("coordinator-0");
        long first = register();
        long second = register();
        assertThat(second).isEqualTo(first + 1);
        assertThat(beat(first, List.of()).fenced()).isTrue();

        await().atMost(60, SECONDS).untilAsserted(() -> {
            HeartbeatResponse response = beat(second, List.of());
            assertThat(response.orders()).extracting(Order::type).containsExactly("create_replica", "create_replica");
        });
        await().atMost(60, SECONDS).untilAsserted(() -> {
            HeartbeatResponse response = beat(second, List.of(report(0), report(1)));
            assertThat(response.orders()).isEmpty();
            assertThat(response.shards()).extracting(ShardInfo::leaderReplica).containsExactly(1L, 1L);
            assertThat(health().word()).isEqualTo("ok");
        });
        await().atMost(60, SECONDS).untilAsserted(() -> assertThat(
                        node.running().orElseThrow().group().journal().after(0, 100))
                .extracting(Event::kind)
                .contains("cluster_formed", "store_registered", "shard_placed", "shard_created"));
        String cluster = node.status().orElseThrow().clusterId();
        node.stop();

        start("coordinator-0");
        assertThat(node.status().orElseThrow().clusterId()).isEqualTo(cluster);
        assertThat(register()).as("incarnations outlive the coordinator").isEqualTo(second + 1);
        assertThat(beat(second + 1, List.of()).orders())
                .as("a replica that existed is not made anew (S5)")
                .isEmpty();
    }

    @Test
    void whatCannotBeOrderedIsRefusedAndChangesNothing() throws Exception {
        start("coordinator-0");
        long incarnation = register();
        await().atMost(60, SECONDS)
                .untilAsserted(
                        () -> assertThat(beat(incarnation, List.of()).orders()).hasSize(2));
        Placed alone = placed();
        refused(ErrorCode.CONFLICT, "only 0 stores", () -> orders().intent("store-0", Intent.DECOMMISSION));
        register("store-1", "00ff00ff00ff00fe");
        assertThat(placed().shards()).isEqualTo(alone.shards());
        Placed before = placed();

        refused(ErrorCode.NOT_FOUND, "no shard 99", () -> orders().transfer(99, "store-0"));
        refused(ErrorCode.NOT_FOUND, "no store store-9", () -> orders().transfer(0, "store-9"));
        refused(ErrorCode.CONFLICT, "store-1 has no voter of shard 0", () -> orders().transfer(0, "store-1"));
        for (Intent intent : Intent.values()) {
            refused(ErrorCode.NOT_FOUND, "no store store-9", () -> orders().intent("store-9", intent));
        }
        assertThat(placed()).isEqualTo(before);

        assertThat(orders().intent("store-0", Intent.DRAIN)
                        .get(30, TimeUnit.SECONDS)
                        .changed())
                .isTrue();
        Placed drained = placed();
        assertThat(orders().intent("store-0", Intent.DRAIN)
                        .get(30, TimeUnit.SECONDS)
                        .changed())
                .as("a second time")
                .isFalse();
        assertThat(placed()).isEqualTo(drained);
        refused(ErrorCode.CONFLICT, "and cannot lead now", () -> orders().transfer(0, "store-0"));
    }

    /** What orders change. Whether the played stores are still heard is no matter of theirs. */
    private record Placed(
            Map<Integer, ShardRecord> shards, Map<Long, OperatorRecord> operators, Map<String, Intent> intents) {}

    private Orders orders() {
        awaitLease();
        return new Orders(node.running().orElseThrow().control(), System::currentTimeMillis);
    }

    private Placed placed() {
        ClusterState state = node.running().orElseThrow().group().state();
        Map<String, Intent> intents = new TreeMap<>();
        state.stores().forEach((id, store) -> intents.put(id, store.intent()));
        return new Placed(state.shards(), state.operators(), intents);
    }

    private static void refused(ErrorCode code, String why, Callable<CompletableFuture<AdminAnswer>> order) {
        assertThatThrownBy(() -> order.call().get(30, TimeUnit.SECONDS)).satisfies(thrown -> {
            Throwable cause = thrown instanceof ExecutionException ? thrown.getCause() : thrown;
            assertThat(cause).isInstanceOfSatisfying(ApiException.class, refusal -> {
                assertThat(refusal.code()).isEqualTo(code);
                assertThat(refusal.getMessage()).contains(why);
            });
        });
    }

    @Test
    void aDiskWhoseLogIsGoneAndADiskOfAnotherNameAreRefused() throws Exception {
        start("coordinator-0");
        node.stop();
        node = new CoordinatorNode(config("coordinator-1"), http.actualPort(), vertx, json, ACCESS);
        node.start();
        await().atMost(60, SECONDS).until(() -> node.exitCode() != 0);
        assertThat(node.running()).isEmpty();
        node.stop();

        try (var files = Files.walk(directory.resolve("wal"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        node = new CoordinatorNode(config("coordinator-0"), http.actualPort(), vertx, json, ACCESS);
        node.start();
        await().atMost(60, SECONDS).until(() -> node.exitCode() != 0);
        assertThat(node.running()).isEmpty();
    }

    @Test
    void aSecondProcessOnTheSameDiskIsRefused() throws Exception {
        start("coordinator-0");
        CoordinatorNode twin = new CoordinatorNode(config("coordinator-0"), http.actualPort(), vertx, json, ACCESS);
        assertThatThrownBy(twin::start)
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("in use by another process");
    }

    private void start(String name) throws IOException {
        node = new CoordinatorNode(config(name), http.actualPort(), vertx, json, ACCESS);
        node.start();
        await().atMost(60, SECONDS).until(() -> node.running()
                .filter(running ->
                        running.group().leads() && running.group().state().initialized())
                .isPresent());
    }

    private Health health() {
        CoordinatorNode.Running running = node.running().orElseThrow();
        return Health.of(
                running.group().state(),
                running.control().observed().orElseThrow(),
                node.silentMembers(),
                running.control().nowMs());
    }

    /** On a busy machine a lease may run out between two turns of the engine; a store would ask again. */
    private void awaitLease() {
        await().atMost(60, SECONDS)
                .until(() -> node.running().orElseThrow().group().leads());
    }

    private long register() throws Exception {
        return register("store-0", DISK);
    }

    private long register(String name, String disk) throws Exception {
        awaitLease();
        return node.running()
                .orElseThrow()
                .control()
                .register(new RegisterRequest(name, disk, "", "127.0.0.1:1", "127.0.0.1:2", "0.1.0", 1))
                .get(30, TimeUnit.SECONDS)
                .incarnation();
    }

    private HeartbeatResponse beat(long incarnation, List<ReplicaReport> replicas) {
        awaitLease();
        return node.running()
                .orElseThrow()
                .control()
                .heartbeat(
                        new HeartbeatRequest("store-0", DISK, incarnation, "up", replicas, List.of(), List.of(), 0, 0));
    }

    private static ReplicaReport report(int shard) {
        return new ReplicaReport(shard, 1, "leader", 1, 1, 1, 1, 0, 1, 0, List.of());
    }

    private CoordinatorConfig config(String name) throws IOException {
        int peerPort;
        try (ServerSocket socket = new ServerSocket(0)) {
            peerPort = socket.getLocalPort();
        }
        return new TestConfig(
                name,
                directory.toString(),
                "http://127.0.0.1:" + http.actualPort(),
                "127.0.0.1",
                "127.0.0.1",
                peerPort,
                1,
                2,
                3,
                1,
                4 << 20,
                250,
                1_500,
                600_000,
                0);
    }

    private record TestConfig(
            String name,
            String dataDir,
            String coordinators,
            String advertiseHost,
            String peerHost,
            int peerPort,
            int expect,
            int shards,
            int replicationFactor,
            int expectStores,
            long walSegmentBytes,
            long heartbeatMs,
            long electionMs,
            long repairAfterMs,
            long minFreeBytes)
            implements CoordinatorConfig {
        @Override
        public String auth() {
            return "off";
        }

        @Override
        public Optional<String> authTokensFile() {
            return Optional.empty();
        }

        @Override
        public Optional<String> tlsDir() {
            return Optional.empty();
        }

        @Override
        public Optional<String> authPeerTokenFile() {
            return Optional.empty();
        }
    }
}
