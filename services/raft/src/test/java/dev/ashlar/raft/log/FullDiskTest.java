package dev.ashlar.raft.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A full disk refuses entries, and nothing else; it is over when there is room again (S9). */
class FullDiskTest {
    private static final LogOptions OPTIONS = new LogOptions(8 << 10, 64 << 10, 1 << 20);

    @TempDir
    Path dir;

    @Test
    void entriesAreRefusedAndVotesAreNotUntilThereIsRoom() throws Exception {
        PowerCutDisk disk = new PowerCutDisk();
        long written = 0;
        try (SharedLog log = SharedLog.open(dir, OPTIONS, disk)) {
            log.writeGroup(1, LogModel.local(1), true, List.of(), List.of());
            disk.usable = 1000;
            written = appendUntilFull(log, 1);
            assertThat(log.full()).isTrue();
            for (int term = 1; term <= 5; term++) {
                log.writeTerm(1, term, "n");
                log.seal().run();
            }
            disk.usable = Long.MAX_VALUE;
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !log.full());
            log.append(1, ++written, 5, (byte) 0, new byte[100]);
            log.seal().run();
        }
        disk.usable = 1000;
        try (SharedLog log = SharedLog.open(dir, OPTIONS, disk)) {
            StoredGroup group = log.groups().get(1);
            assertThat(group.term()).isEqualTo(5);
            assertThat(group.entries()).hasSize((int) written);
        }
    }

    @Test
    void firstStartOnAFullDiskSaysSo() {
        PowerCutDisk disk = new PowerCutDisk();
        disk.usable = 1000;
        assertThatThrownBy(() -> SharedLog.open(dir, OPTIONS, disk))
                .isInstanceOf(LogFullException.class)
                .hasMessageContaining(dir.toString());
    }

    @Test
    void failedSyncEndsTheLogForGood() throws Exception {
        PowerCutDisk disk = new PowerCutDisk();
        SharedLog log = SharedLog.open(dir, OPTIONS, disk);
        log.writeGroup(1, LogModel.local(1), true, List.of(), List.of());
        disk.turnOffAtForce();
        PendingSync first = log.seal();
        log.writeTerm(1, 1, "");
        PendingSync second = log.seal();
        assertThatThrownBy(first::run).isInstanceOf(IOException.class);
        assertThatThrownBy(second::run).hasMessageContaining("failed before");
        assertThatThrownBy(() -> log.writeTerm(1, 2, "")).isInstanceOf(UncheckedIOException.class);
        log.close();
    }

    @Test
    void realFileSystemRunsFull() throws Exception {
        assumeTrue(mount(dir), "SKIPPED: mounting a small tmpfs needs root; a full file system was only simulated");
        try {
            LogOptions noReserve = new LogOptions(256 << 10, 8 << 20, 0);
            long written;
            try (SharedLog log = SharedLog.open(dir.resolve("wal"), noReserve)) {
                log.writeGroup(1, LogModel.local(1), true, List.of(), List.of());
                Path other = Files.write(dir.resolve("other"), new byte[1 << 20]);
                written = appendUntilFull(log, 1);
                log.writeTerm(1, 9, "still fits");
                log.seal().run();
                Files.delete(other);
                Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !log.full());
                log.append(1, ++written, 9, (byte) 0, new byte[100]);
            }
            try (SharedLog log = SharedLog.open(dir.resolve("wal"), noReserve)) {
                StoredGroup group = log.groups().get(1);
                assertThat(group.term()).isEqualTo(9);
                assertThat(group.entries()).hasSize((int) written);
            }
        } finally {
            run("umount", dir.toString());
        }
    }

    private static long appendUntilFull(SharedLog log, long from) throws IOException {
        for (long index = from; index < 1_000_000; index++) {
            try {
                log.append(1, index, 1, (byte) 0, new byte[500]);
                log.seal().run();
            } catch (LogFullException e) {
                return index - 1;
            }
        }
        throw new AssertionError("never full");
    }

    private static boolean mount(Path at) throws Exception {
        return System.getProperty("user.name").equals("root")
                && run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", at.toString()) == 0;
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
