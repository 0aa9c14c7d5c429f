package dev.ashlar.acceptance.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/** A store that comes back to a directory that is not as it left it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadDisksTest {
    private static final List<String> KEYS =
            IntStream.range(0, 24).mapToObj(i -> "disk/" + i).toList();

    private static final int EXIT_SECONDS_MAX = 120;

    private LocalCluster cluster;
    private StoreClient client;

    @BeforeAll
    void start() {
        cluster = LocalCluster.start("bad-disks", ClusterSize.STANDARD);
        client = new StoreClient();
        KEYS.forEach(key -> cluster.await(
                "a write of " + key,
                () -> client.put(cluster.stores().getFirst(), key, key.getBytes(StandardCharsets.UTF_8))
                                .status()
                        < 300));
    }

    @AfterAll
    void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aStopIsInOrderAndTheDataIsThereAgain() {
        ServerProcess store = cluster.stores().getFirst();
        assertThat(store.terminate()).isIn(StoreClient.STOPPED);
        assertThat(store.logTail()).contains("stopped");
        comeBack(store);
    }

    @Test
    void aFileInPlaceOfTheDirectory() throws IOException {
        ServerProcess store = cluster.stores().get(1);
        assertThat(store.terminate()).isIn(StoreClient.STOPPED);
        Path data = cluster.data(store);
        Path aside = data.resolveSibling("aside");
        Files.move(data, aside);
        Files.writeString(data, "no directory");
        store.start();
        assertThat(store.awaitExit(EXIT_SECONDS_MAX)).isEqualTo(2);
        assertThat(store.logTail()).contains("the store does not start").contains("is not a directory");
        Files.delete(data);
        Files.move(aside, data);
        comeBack(store);
    }

    @Test
    void aDamagedDatabaseOfOneShardIsReportedAndEverythingStaysReadable() throws IOException {
        ServerProcess store = cluster.stores().getLast();
        assertThat(store.terminate()).isIn(StoreClient.STOPPED);
        Path current;
        try (Stream<Path> shards = Files.list(cluster.data(store).resolve("shards"))) {
            current = shards.map(shard -> shard.resolve("CURRENT"))
                    .filter(Files::exists)
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
        byte[] good = Files.readAllBytes(current);
        Files.writeString(current, "MANIFEST-of-nothing\n");
        store.start();
        cluster.await("the damage to be told", () -> store.logContains("the replica cannot be started"));
        cluster.awaitLeaders();
        allReadable();

        assertThat(store.terminate()).isIn(StoreClient.STOPPED);
        // Unless the replica has been replaced meanwhile.
        if (Files.exists(current)) {
            Files.write(current, good);
        }
        comeBack(store);
    }

    private void comeBack(ServerProcess store) {
        store.start();
        cluster.awaitReady(store);
        cluster.awaitLeaders();
        allReadable();
    }

    private void allReadable() {
        for (ServerProcess store : cluster.stores()) {
            for (String key : KEYS) {
                cluster.await(
                        key + " through " + store.name(),
                        () -> client.get(store, key).text().equals(key));
            }
        }
    }
}
