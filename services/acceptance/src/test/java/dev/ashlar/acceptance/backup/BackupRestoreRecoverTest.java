package dev.ashlar.acceptance.backup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;
import dev.ashlar.common.backup.BackupItem;
import dev.ashlar.common.backup.BackupReader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The whole way: a backup under load, restored into a cluster of another size and shard count; damaged files and full clusters
 * refused; and, when all stores are gone, a backup from one disk.
 */
class BackupRestoreRecoverTest {
    private static final ClusterSize SOURCE = new ClusterSize(3, 1, 3);
    private static final ClusterSize TARGET = new ClusterSize(1, 1, 7);
    private static final int KEYS = 300;

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    /** What was acknowledged. */
    private final Map<String, String> acknowledged = new ConcurrentSkipListMap<>();

    private volatile boolean loading;

    @Test
    void aBackupUnderLoadIsRestoredElsewhereAndADiskAlone() throws IOException, InterruptedException {
        Path file = directory.resolve("a.backup");
        Path recovered = directory.resolve("recovered.backup");
        try (LocalCluster source = LocalCluster.start("backup-source", SOURCE)) {
            fill(source);
            Map<String, String> before = new TreeMap<>(acknowledged);
            underLoad(source, () -> {
                AshlarCli.Ran backup = AshlarCli.run(urls(source), "backup", file);
                assertThat(backup.exit()).as(backup.output()).isZero();
                assertThat(backup.output()).contains("whole").contains("3 shards");
            });
            assertThat(acknowledged.size()).as("the load ran meanwhile").isGreaterThan(before.size());
            assertContains(file, before);
            passedOnByTheCoordinator(source);
            refusedOverData(source, file);
            refusedWhileItRuns(source, recovered);

            source.awaitReplicasAgree();
            source.processes().forEach(ServerProcess::kill);
            Path disk = source.data(source.stores().get(1));
            Map<String, Long> untouched = files(disk);
            AshlarCli.Ran recover = AshlarCli.run(urls(source), "recover", "--from", disk, recovered);
            assertThat(recover.exit()).as(recover.output()).isZero();
            assertContains(recovered, acknowledged);
            assertThat(files(disk)).isEqualTo(untouched);
        }
        try (LocalCluster target = LocalCluster.start("backup-target", TARGET)) {
            damagedFileIsRefused(target, recovered);
            AshlarCli.Ran restore = AshlarCli.run(urls(target), "restore", recovered);
            assertThat(restore.exit()).as(restore.output()).isZero();
            for (Map.Entry<String, String> entry : acknowledged.entrySet()) {
                HttpResponse<String> answer =
                        send(target, entry.getKey(), HttpRequest.newBuilder().GET());
                assertThat(answer.body()).as(entry.getKey()).isEqualTo(entry.getValue());
                assertThat(answer.headers().firstValue("Content-Type").orElse(""))
                        .isEqualTo(contentType(entry.getKey()));
            }
            assertThat(AshlarCli.run(urls(target), "restore", recovered).exit()).isEqualTo(3);
            AshlarCli.Ran resumed = AshlarCli.run(urls(target), "restore", "--resume", recovered);
            assertThat(resumed.exit()).as(resumed.output()).isZero();
            assertThat(resumed.output()).contains("restored 0 keys, " + (acknowledged.size() + 1) + " were there");
        }
    }

    private void fill(LocalCluster cluster) {
        for (int i = 0; i < KEYS; i++) {
            put(cluster, "app/ü " + i, "value " + i, "");
        }
        // It has its own end; whatever it is worth then, it must not come back as a key without one.
        put(cluster, "lease", "mine", "?ttl=1h");
        acknowledged.remove("lease");
    }

    private void put(LocalCluster cluster, String key, String value, String query) {
        cluster.await(
                "writing " + key,
                () -> send(
                                        cluster,
                                        key + query,
                                        HttpRequest.newBuilder()
                                                .PUT(BodyPublishers.ofString(value))
                                                .header("Content-Type", contentType(key)))
                                .statusCode()
                        < 300);
        acknowledged.put(key, value);
    }

    private static String contentType(String key) {
        return key.startsWith("app/") ? "text/plain; charset=utf-8" : "application/x-load";
    }

    private void underLoad(LocalCluster cluster, Runnable during) throws InterruptedException {
        loading = true;
        Thread load = Thread.ofPlatform().start(() -> {
            for (int i = 0; loading; i++) {
                put(cluster, "load/" + i, "number " + i, "");
            }
        });
        try {
            cluster.await("the load to run", () -> acknowledged.containsKey("load/10"));
            during.run();
        } finally {
            loading = false;
            load.join();
        }
    }

    private void passedOnByTheCoordinator(LocalCluster cluster) throws IOException, InterruptedException {
        URI uri = URI.create(cluster.coordinators().getFirst().ports().url() + "/v1/backup");
        HttpResponse<InputStream> answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        Path file = directory.resolve("coordinator.backup");
        try (InputStream body = answer.body()) {
            Files.copy(body, file);
        }
        assertContains(file, acknowledged);
    }

    private void refusedOverData(LocalCluster cluster, Path file) {
        AshlarCli.Ran over = AshlarCli.run(urls(cluster), "restore", file);
        assertThat(over.exit()).as(over.output()).isEqualTo(3);
        assertThat(over.output()).contains("the cluster holds keys");
    }

    private void refusedWhileItRuns(LocalCluster cluster, Path output) {
        Path disk = cluster.data(cluster.stores().getFirst());
        AshlarCli.Ran refused = AshlarCli.run(urls(cluster), "recover", "--from", disk, output);
        assertThat(refused.exit()).as(refused.output()).isEqualTo(3);
        assertThat(output).doesNotExist();
    }

    private void damagedFileIsRefused(LocalCluster cluster, Path whole) throws IOException, InterruptedException {
        byte[] bytes = Files.readAllBytes(whole);
        bytes[bytes.length / 2] ^= 1;
        Path damaged = Files.write(directory.resolve("damaged.backup"), bytes);
        AshlarCli.Ran refused = AshlarCli.run(urls(cluster), "restore", damaged);
        assertThat(refused.exit()).as(refused.output()).isEqualTo(3);
        assertThat(refused.output()).contains("nothing was sent");
        URI all = URI.create(cluster.stores().getFirst().ports().url() + "/v1/kv?limit=1");
        assertThat(http.send(HttpRequest.newBuilder(all).build(), BodyHandlers.ofString())
                        .body())
                .contains("\"items\":[]");
    }

    private static void assertContains(Path file, Map<String, String> expected) throws IOException {
        Map<String, BackupItem> found = new TreeMap<>();
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            BackupReader reader = new BackupReader(in);
            for (List<BackupItem> items = reader.next(); !items.isEmpty(); items = reader.next()) {
                items.forEach(item -> found.put(item.key(), item));
            }
        }
        expected.forEach((key, value) -> {
            assertThat(found).containsKey(key);
            assertThat(new String(found.get(key).value(), StandardCharsets.UTF_8))
                    .isEqualTo(value);
            assertThat(found.get(key).contentType()).isEqualTo(contentType(key));
            assertThat(found.get(key).ttlMs()).isZero();
        });
        assertThat(found.get("lease").ttlMs()).isBetween(1L, 3_600_000L);
    }

    /** Names, sizes and times of all files but the lock, which a reader takes too. */
    private static Map<String, Long> files(Path disk) throws IOException {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(disk)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                if (!path.getFileName().toString().equals("lock")) {
                    files.put(
                            disk.relativize(path) + " " + Files.size(path),
                            Files.getLastModifiedTime(path).toMillis());
                }
            }
        }
        return files;
    }

    private HttpResponse<String> send(LocalCluster cluster, String keyAndQuery, HttpRequest.Builder request) {
        String[] parts = keyAndQuery.split("\\?", 2);
        String path =
                "/v1/kv/" + URLEncoder.encode(parts[0], StandardCharsets.UTF_8).replace("+", "%20")
                        + (parts.length > 1 ? "?" + parts[1] : "");
        ServerProcess store = cluster.stores().getFirst();
        try {
            return http.send(
                    request.uri(URI.create(store.ports().url() + path))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String urls(LocalCluster cluster) {
        return String.join(
                ",", cluster.stores().stream().map(store -> store.ports().url()).toList());
    }
}
