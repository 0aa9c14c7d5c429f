package dev.ashlar.acceptance.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/** A store on a real file system of 64 MiB that runs full, turns read-only, or was written by a newer version (S1, S8, S9). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiskFaultTest {
    private static final int EXIT_REFUSED = 2;
    private static final int VALUES = 100;
    private static final int EXIT_SECONDS_MAX = 120;

    private final Map<String, String> acknowledged = new LinkedHashMap<>();
    private Path mount;
    private boolean mounted;
    private LocalCluster cluster;
    private Api api;
    private ServerProcess store;

    @BeforeAll
    void start() throws Exception {
        mount = Files.createTempDirectory("small-disk");
        mounted = run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", mount.toString()) == 0;
        if (!mounted) {
            System.err.println("SKIPPED DiskFaultTest: it needs the right to mount a tmpfs (root)");
        }
        Assumptions.assumeTrue(mounted, "needs the right to mount a tmpfs");
        cluster = LocalCluster.start("disk-fault", new ClusterSize(1, 1, 2), (name, environment) -> {
            if (name.startsWith("store-")) {
                environment.put("ASHLAR_DATA_DIR", mount.resolve(name).toString());
                environment.put("ASHLAR_WAL_SEGMENT_BYTES", Integer.toString(4 << 20));
                environment.put("ASHLAR_MIN_FREE_BYTES", Integer.toString(4 << 20));
            }
        });
        api = new Api(cluster);
        store = cluster.stores().getFirst();
    }

    @AfterAll
    void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
        if (mounted) {
            run("umount", "-l", mount.toString());
        }
        Files.deleteIfExists(mount);
    }

    @Test
    void aFullDiskRefusesWritesWithANameServesReadsAndClearsItselfWhenThereIsRoom() throws Exception {
        write("before");
        Path filler = mount.resolve("filler");
        fill(filler);
        cluster.await("writes to be refused", () -> put("until-full").problem().equals("503 disk_full"));

        for (int i = 0; i < VALUES; i++) {
            Answer refused = put("full/" + i);
            assertThat(refused.problem()).isEqualTo("503 disk_full");
            assertThat(Integer.parseInt(refused.header("Retry-After"))).isPositive();
        }
        everyAcknowledgedValueIsThere();
        assertThat(cluster.view(store).orElseThrow().problems()).anyMatch(problem -> problem.startsWith("disk_full"));
        assertThat(cluster.view(store).orElseThrow().health()).isEqualTo("degraded");

        Files.delete(filler);
        cluster.await("writes to be taken again", () -> put("room").status() < 300);
        cluster.await(
                "the alarm to clear itself",
                () -> cluster.view(store).orElseThrow().health().equals("ok"));
        write("after");
        store.kill();
        restart();
        everyAcknowledgedValueIsThere();
    }

    @Test
    void aReadOnlyDiskRefusesToStartAndSaysSo() throws Exception {
        write("read-only");
        store.terminate();
        assertThat(run("mount", "-o", "remount,ro", mount.toString())).isZero();
        try {
            store.start();
            assertThat(store.awaitExit(EXIT_SECONDS_MAX)).isEqualTo(EXIT_REFUSED);
            assertThat(store.logTail()).contains("cannot be used").contains("Read-only file system");
        } finally {
            assertThat(run("mount", "-o", "remount,rw", mount.toString())).isZero();
        }
        restart();
        everyAcknowledgedValueIsThere();
    }

    @Test
    void dataOfANewerFormatIsRefusedAndLeftAlone() throws Exception {
        write("format");
        store.terminate();
        Path identity = mount.resolve(store.name()).resolve("disk");
        String ours = Files.readString(identity);
        String newer = ours.replaceFirst("format=\\d+", "format=99");
        Files.writeString(identity, newer);
        store.start();
        assertThat(store.awaitExit(EXIT_SECONDS_MAX)).isEqualTo(EXIT_REFUSED);
        assertThat(store.logTail()).contains("written by a newer version");
        assertThat(identity).hasContent(newer);
        Files.writeString(identity, ours);
        restart();
        everyAcknowledgedValueIsThere();
    }

    private void restart() {
        store.start();
        cluster.awaitReady(store);
    }

    private void write(String prefix) {
        for (int i = 0; i < VALUES; i++) {
            assertThat(put(prefix + "/" + i).status()).isBetween(200, 201);
        }
    }

    private Answer put(String key) {
        String value = (key + " ").repeat(200);
        Answer answer = api.put(store, "/v1/kv/" + key, value);
        if (answer.status() < 300) {
            acknowledged.put(key, value);
        }
        return answer;
    }

    private void everyAcknowledgedValueIsThere() {
        acknowledged.forEach((key, value) ->
                assertThat(api.get(store, "/v1/kv/" + key).text()).as(key).isEqualTo(value));
    }

    private static void fill(Path file) throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space");
        }
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
