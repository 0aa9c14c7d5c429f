package dev.ashlar.rollout;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.common.backup.BackupItem;

import static org.assertj.core.api.Assertions.assertThat;

/** Restores into a store that is played: it keeps keys, and answers 503 or breaks off when it is told to. */
class RestoreJobTest {
    private static final String STRANGE = "b/ü %?#+";

    @TempDir
    Path directory;

    private final Map<String, String> keys = new ConcurrentSkipListMap<>();
    private final AtomicInteger unavailable = new AtomicInteger();
    private final AtomicInteger puts = new AtomicInteger();
    private volatile int refusesPutsFrom = Integer.MAX_VALUE;
    private HttpServer store;

    @BeforeEach
    void start() throws IOException {
        store = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        store.createContext("/v1/kv", this::answer);
        store.start();
        Files.write(
                directory.resolve("ashlar-2.backup"),
                BackupJobTest.backup(
                        item("a", "1", 0),
                        item(RestoreJob.MARK, "done old", 0),
                        item(STRANGE, "2", 0),
                        item("c", "3", 60_000)));
        Files.write(directory.resolve("ashlar-1.backup"), BackupJobTest.backup(item("old", "0", 0)));
        Files.writeString(directory.resolve("ashlar-3.backup.part"), "half");
    }

    @AfterEach
    void stop() {
        store.stop(0);
    }

    @Test
    void newestBackupIsRestoredOnceAndNeverAgain() {
        unavailable.set(2);
        assertThat(run(directory)).isZero();
        assertThat(keys)
                .containsEntry("a", "1")
                .containsEntry(STRANGE, "2")
                .containsEntry("c", "3")
                .containsEntry(RestoreJob.MARK, "done ashlar-2.backup, 3 keys")
                .hasSize(4);
        keys.remove("a");
        keys.put("c", "changed");
        assertThat(run(directory)).as("the Job comes back").isZero();
        assertThat(keys).doesNotContainKey("a").containsEntry("c", "changed");
    }

    @Test
    void theNewestIsTheOneThatWasBegunLastWhateverItsName() throws IOException {
        Files.write(directory.resolve("recovered.backup"), BackupJobTest.backup(7, item("a", "recovered", 0)));
        Files.write(directory.resolve("ashlar-4.backup"), BackupJobTest.backup(8, item("a", "later", 0)));
        assertThat(run(directory)).isZero();
        assertThat(keys).containsEntry("a", "later").containsEntry(RestoreJob.MARK, "done ashlar-4.backup, 1 keys");

        keys.clear();
        Files.write(directory.resolve("recovered.backup"), BackupJobTest.backup(9, item("a", "recovered again", 0)));
        assertThat(run(directory)).isZero();
        assertThat(keys).containsEntry("a", "recovered again");
    }

    @Test
    void oneThatDoesNotSayWhenItWasBegunIsNamedAndNothingIsRestored() throws IOException {
        Files.writeString(directory.resolve("copied.backup"), "half");
        assertThat(run(directory)).isEqualTo(3);
        assertThat(keys).isEmpty();
        assertThat(run(directory.resolve("ashlar-2.backup")))
                .as("the file that is meant")
                .isZero();
    }

    @Test
    void clusterThatHoldsKeysIsRefused() {
        keys.put("somebody", "else");
        assertThat(run(directory)).isEqualTo(3);
        assertThat(keys).hasSize(1);
    }

    @Test
    void interruptedRestoreGoesOn() {
        refusesPutsFrom = 3;
        assertThat(run(directory)).isNotZero();
        assertThat(keys).containsKey("a").doesNotContainKey("c");
        refusesPutsFrom = Integer.MAX_VALUE;
        assertThat(run(directory)).isZero();
        assertThat(keys).containsEntry("c", "3").containsEntry(RestoreJob.MARK, "done ashlar-2.backup, 3 keys");
    }

    @Test
    void keyThatSomebodyWroteMeanwhileIsNotOverwritten() {
        refusesPutsFrom = 3;
        assertThat(run(directory)).isNotZero();
        refusesPutsFrom = Integer.MAX_VALUE;
        keys.put("c", "mine");
        assertThat(run(directory)).isEqualTo(3);
        assertThat(keys).containsEntry("c", "mine");
    }

    @Test
    void damagedBackupIsRefusedBeforeAnythingIsSent() throws IOException {
        Path file = directory.resolve("ashlar-2.backup");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThat(run(directory)).isNotZero();
        assertThat(keys).isEmpty();
    }

    @Test
    void folderWithoutBackupIsRefused() throws IOException {
        assertThat(run(Files.createDirectory(directory.resolve("empty")))).isEqualTo(3);
    }

    private int run(Path path) {
        return RestoreJob.run(
                path,
                Map.of(
                        "ASHLAR_STORE_URL",
                        "http://127.0.0.1:" + store.getAddress().getPort(),
                        "ASHLAR_WAIT_S",
                        "20"));
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        byte[] sent = exchange.getRequestBody().readAllBytes();
        int status;
        String body = "";
        if (unavailable.getAndDecrement() > 0) {
            status = 503;
        } else if (path.equals("/v1/kv")) {
            status = 200;
            body = keys.isEmpty() ? "{\"items\":[]}" : "{\"items\":[{\"key\":\"x\"}]}";
        } else {
            String key = path.substring("/v1/kv/".length());
            if (exchange.getRequestMethod().equals("GET")) {
                status = keys.containsKey(key) ? 200 : 404;
                body = keys.getOrDefault(key, "");
            } else if (exchange.getRequestHeaders().containsKey("If-None-Match") && keys.containsKey(key)) {
                status = 412;
            } else if (puts.incrementAndGet() >= refusesPutsFrom) {
                status = 413;
            } else {
                status = 201;
                keys.put(key, new String(sent, StandardCharsets.UTF_8));
            }
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static BackupItem item(String key, String value, long ttlMs) {
        return new BackupItem(key, value.getBytes(StandardCharsets.UTF_8), "text/plain", 1, 1, ttlMs);
    }
}
