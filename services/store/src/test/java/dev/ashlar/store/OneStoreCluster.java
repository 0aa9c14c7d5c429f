package dev.ashlar.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

import dev.ashlar.common.cluster.HeartbeatResponse;
import dev.ashlar.common.cluster.Order;
import dev.ashlar.common.cluster.RegisterResponse;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.cluster.StoreInfo;

/** A data directory, and a coordinator of one store: it places every shard on whoever registers. */
public final class OneStoreCluster implements QuarkusTestResourceLifecycleManager {
    static final int SHARDS = 3;

    private final ObjectMapper json = new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
    private HttpServer server;
    private Path data;
    private StoreInfo store;

    @Override
    public Map<String, String> start() {
        try {
            data = Files.createTempDirectory("ashlar-store");
            server = HttpServer.create(new java.net.InetSocketAddress("127.0.0.1", 0), 0);
            int peerPort;
            try (var free = new java.net.ServerSocket(0)) {
                peerPort = free.getLocalPort();
            }
            server.createContext("/internal/v1/stores/register", this::register);
            server.createContext("/internal/v1/stores/heartbeat", this::heartbeat);
            server.start();
            return Map.of(
                    "ashlar.name", "store-0",
                    // It is bound to every address, as in a pod, and nobody but the test knows its port.
                    "ashlar.auth", "off",
                    "ashlar.data-dir", data.toString(),
                    "ashlar.coordinators",
                            "http://127.0.0.1:" + server.getAddress().getPort(),
                    "ashlar.peer-host", "127.0.0.1",
                    "ashlar.peer-port", Integer.toString(peerPort),
                    "ashlar.wal-segment-bytes", "4194304",
                    "ashlar.heartbeat-ms", "50",
                    "ashlar.election-ms", "300");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        server.stop(0);
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void register(HttpExchange exchange) throws IOException {
        JsonNode request = json.readTree(exchange.getRequestBody());
        store = new StoreInfo(
                request.get("name").asText(),
                request.get("disk_id").asText(),
                "",
                "up",
                1,
                request.get("http_address").asText(),
                request.get("peer_address").asText(),
                "test",
                0,
                0,
                0,
                0,
                List.of());
        answer(exchange, new RegisterResponse("11111111-1111-1111-1111-111111111111", 1, SHARDS, 100));
    }

    private synchronized void heartbeat(HttpExchange exchange) throws IOException {
        JsonNode running = json.readTree(exchange.getRequestBody()).get("replicas");
        ReplicaInfo replica = new ReplicaInfo(store.name() + "." + store.diskId(), 1, "voter");
        List<ShardInfo> shards = IntStream.range(0, SHARDS)
                .mapToObj(shard -> new ShardInfo(shard, 1, List.of(replica), 1, 1, 1, 0))
                .toList();
        List<Order> orders = running.size() == SHARDS
                ? List.of()
                : IntStream.range(0, SHARDS)
                        .mapToObj(shard -> new Order(shard + 1, "create_replica", shard, replica, List.of(replica)))
                        .toList();
        answer(exchange, new HeartbeatResponse(false, 1, shards, List.of(store), orders));
    }

    private void answer(HttpExchange exchange, Object body) throws IOException {
        byte[] bytes = json.writeValueAsBytes(body);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
