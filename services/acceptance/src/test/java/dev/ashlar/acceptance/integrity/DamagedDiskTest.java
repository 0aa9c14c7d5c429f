package dev.ashlar.acceptance.integrity;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ShardInfo;

import static org.assertj.core.api.Assertions.assertThat;

/** A byte in a table file of one replica is not what was written (S3): it is found, named, and no client sees it. */
class DamagedDiskTest {
    private static final int KEYS = 400;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    @Test
    void aFlippedByteIsFoundAndTheReplicaDoesNotLead() throws IOException, InterruptedException {
        try (LocalCluster cluster = LocalCluster.start("damaged-disk", new ClusterSize(3, 1, 1))) {
            Map<String, String> written = write(cluster);
            ServerProcess victim = leader(cluster);
            // An ordinary stop writes the state down.
            victim.terminate();
            flip(cluster.data(victim));
            victim.start();
            cluster.await(
                    victim.name() + " to answer", () -> cluster.view(victim).isPresent());

            ServerProcess coordinator = cluster.coordinators().getFirst();
            cluster.await("the damaged replica to be named in the journal", () -> {
                readAll(victim, written);
                return text(coordinator, "/v1/events?limit=1000").contains("replica_damaged");
            });
            assertThat(text(coordinator, "/v1/events?limit=1000"))
                    .contains("on " + victim.name())
                    .containsIgnoringCase("checksum mismatch");
            assertThat(victim.isAlive()).as("no crash loop").isTrue();

            for (Map.Entry<String, String> entry : written.entrySet()) {
                for (ServerProcess store : cluster.stores()) {
                    cluster.await(entry.getKey() + " through " + store.name(), () -> value(store, entry.getKey())
                            .equals(entry.getValue()));
                }
            }
            assertThat(leader(cluster)).isNotEqualTo(victim);
        }
    }

    private Map<String, String> write(LocalCluster cluster) {
        Random random = new Random(7);
        Map<String, String> written = new HashMap<>();
        ServerProcess store = cluster.stores().getFirst();
        for (int i = 0; i < KEYS; i++) {
            byte[] bytes = new byte[600];
            random.nextBytes(bytes);
            String value = Base64.getEncoder().encodeToString(bytes);
            String key = "key-" + i;
            cluster.await(
                    "writing " + key,
                    () -> send(store, HttpRequest.newBuilder().PUT(BodyPublishers.ofString(value)), "/v1/kv/" + key)
                                    .statusCode()
                            < 300);
            written.put(key, value);
        }
        return written;
    }

    private static ServerProcess leader(LocalCluster cluster) {
        cluster.await("a leader that is known", () -> leaderName(cluster).length() > 0);
        String name = leaderName(cluster);
        return cluster.stores().stream()
                .filter(store -> store.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String leaderName(LocalCluster cluster) {
        List<ShardInfo> shards = cluster.view(cluster.coordinators().getFirst())
                .map(ClusterView::shards)
                .orElse(List.of());
        return shards.stream()
                .flatMap(shard ->
                        shard.replicas().stream().filter(replica -> replica.replica() == shard.leaderReplica()))
                .map(ReplicaInfo::store)
                .map(store -> store.substring(0, store.lastIndexOf('.')))
                .findFirst()
                .orElse("");
    }

    /** In a data block of the largest table of the store. */
    private static void flip(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("shards"))) {
            Path table = files.filter(file -> file.toString().endsWith(".sst"))
                    .max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
                long at = file.length() / 3;
                file.seek(at);
                int was = file.read();
                file.seek(at);
                file.write(was ^ 0x20);
            }
        }
    }

    /** From the store's own replica, whoever leads; what cannot be read there is not answered. */
    private void readAll(ServerProcess store, Map<String, String> written) {
        for (Map.Entry<String, String> entry : written.entrySet()) {
            HttpResponse<String> answer =
                    send(store, HttpRequest.newBuilder().GET(), "/v1/kv/" + entry.getKey() + "?consistency=stale");
            assertThat(answer.statusCode()).isIn(200, 503);
            if (answer.statusCode() == 200) {
                assertThat(answer.body()).isEqualTo(entry.getValue());
            }
        }
    }

    private String value(ServerProcess store, String key) {
        HttpResponse<String> answer = send(store, HttpRequest.newBuilder().GET(), "/v1/kv/" + key);
        assertThat(answer.statusCode()).as("a wrong answer is worse than none").isIn(200, 503);
        return answer.statusCode() == 200 ? answer.body() : "";
    }

    private String text(ServerProcess process, String path) {
        return send(process, HttpRequest.newBuilder().GET(), path).body();
    }

    private HttpResponse<String> send(ServerProcess process, HttpRequest.Builder request, String path) {
        try {
            return http.send(
                    request.uri(URI.create(process.ports().url() + path))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(process.name() + " does not answer " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
