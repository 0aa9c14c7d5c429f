package dev.ashlar.acceptance.disk;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/** S9 from outside: a full disk refuses writes with a code of its own, reads go on, and room makes it writable again. */
class FullDiskTest {
    private static final int VALUE_BYTES = 100_000;

    private Path mount;
    private Path data;
    private boolean mounted;

    @BeforeEach
    void mountSmallDisk() throws Exception {
        mount = Files.createTempDirectory("small-disk-");
        mounted = run("mount", "-t", "tmpfs", "-o", "size=192m", "tmpfs", mount.toString()) == 0;
        if (!mounted) {
            System.err.println("SKIPPED FullDiskTest: it needs the right to mount a tmpfs (root)");
        }
        Assumptions.assumeTrue(mounted, "needs the right to mount a tmpfs");
        data = Files.createTempDirectory("ashlar-full-disk-");
        Files.createSymbolicLink(data.resolve("store-0"), Files.createDirectory(mount.resolve("data")));
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            run("umount", mount.toString());
        }
        Files.deleteIfExists(mount);
    }

    @Test
    void writesAreRefusedWhileReadsGoOnAndComeBackWithRoom() throws IOException {
        StoreClient client = new StoreClient();
        try (LocalCluster cluster = LocalCluster.start("full-disk", new ClusterSize(1, 1, 1), data)) {
            ServerProcess store = cluster.stores().getFirst();
            cluster.await("the first write", () -> put(client, store, "kept") < 300);
            Path filler = mount.resolve("filler");
            fill(filler);
            int written = 0;
            while (put(client, store, "more/" + written) < 300) {
                assertThat(++written)
                        .as("writes of 100 kB to a disk of 192 MiB")
                        .isLessThan(2_000);
            }
            cluster.await("writes refused for the full disk", () -> {
                StoreClient.Reply refused = client.put(store, "refused", new byte[VALUE_BYTES]);
                return refused.status() == 503 && refused.text().contains("\"disk_full\"");
            });
            assertThat(client.metrics(store)).contains("ashlar_alarm{name=\"disk_full\"} 1");
            assertThat(client.get(store, "kept").status()).isEqualTo(200);

            Files.delete(filler);
            cluster.await("a write with room", () -> put(client, store, "after") < 300);
            assertThat(client.get(store, "kept").text()).hasSize(VALUE_BYTES);
            assertThat(store.terminate()).isIn(StoreClient.STOPPED);
            store.start();
            cluster.awaitReady(store);
            assertThat(client.get(store, "after").text()).hasSize(VALUE_BYTES);
        }
    }

    private static int put(StoreClient client, ServerProcess store, String key) {
        int status = client.put(store, key, "x".repeat(VALUE_BYTES).getBytes(StandardCharsets.US_ASCII))
                .status();
        return status == 0 ? 599 : status;
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
