package dev.ashlar.raft.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.raft.SnapshotFiles;

import static dev.ashlar.raft.state.StateFixture.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class SnapshotInstallTest {
    private static final int READERS = 4;

    private StateFixture fixture;
    private Register source;
    private Register target;

    @BeforeEach
    void open() throws IOException {
        fixture = new StateFixture();
        source = fixture.open("source");
        target = fixture.open("target");
    }

    @AfterEach
    void close() throws IOException {
        source.close();
        target.close();
        fixture.close();
    }

    @Test
    void aSnapshotContainsWhatWasNeverFlushed() throws IOException {
        turn(source, 1, "a=1");
        turn(source, 2, "a=2");
        try (SnapshotFiles files = source.snapshot()) {
            assertThat(files.index()).isEqualTo(2);
            turn(source, 3, "a=3");
            target.install(receive(files));
        }
        assertThat(target.value("a")).isEqualTo("12");
        assertThat(target.appliedIndex()).isEqualTo(2);
        assertThat(target.durableIndex()).isEqualTo(2);
        assertThat(target.count()).isEqualTo(2);
        turn(target, 3, "a=3");
        assertThat(target.checksum()).isEqualTo(source.checksum());
    }

    @Test
    void closingASnapshotRemovesItsFiles() throws IOException {
        SnapshotFiles files = source.snapshot();
        assertThat(files.directory()).isDirectory();
        files.close();
        assertThat(files.directory()).doesNotExist();
    }

    @Test
    void theIndexOfASnapshotIsTheOneItsFilesContainWhileEntriesAreApplied() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            Future<?> applying = threads.submit(() -> {
                for (long index = 1; !stop.get(); index++) {
                    turn(source, index, "k" + index % 100 + "=", "k" + index % 100 + "=" + index);
                }
                return null;
            });
            try {
                for (int i = 0; i < 10; i++) {
                    try (SnapshotFiles files = source.snapshot()) {
                        // Every entry counts two commands, so the count tells the index.
                        target.install(receive(files));
                        assertThat(target.appliedIndex()).isEqualTo(files.index());
                        assertThat(target.count()).isEqualTo(2 * files.index());
                    }
                }
            } finally {
                stop.set(true);
            }
            applying.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void readersLiveThroughInstallsAndTheClose() throws Exception {
        for (int i = 1; i <= 500; i++) {
            turn(source, i, "k" + i + "=" + "v".repeat(200));
        }
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong reads = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
            List<Future<?>> readers = new ArrayList<>();
            for (int t = 0; t < READERS; t++) {
                int reader = t;
                readers.add(threads.submit(() -> {
                    while (!stop.get()) {
                        try {
                            switch (reader) {
                                case 0 -> target.value("k250");
                                case 1 -> target.rows();
                                case 2 -> target.checksum();
                                default -> target.requestFlush();
                            }
                            reads.incrementAndGet();
                        } catch (IOException refusedWhileClosing) {
                            refused.incrementAndGet();
                        }
                    }
                }));
            }
            try {
                for (int i = 0; i < 20; i++) {
                    try (SnapshotFiles files = source.snapshot()) {
                        target.install(receive(files));
                    }
                    long before = reads.get();
                    await().until(() -> reads.get() > before + READERS);
                }
                target.close();
                long before = refused.get();
                await().until(() -> refused.get() > before + READERS);
            } finally {
                stop.set(true);
            }
            for (Future<?> reader : readers) {
                reader.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void whatCannotBeInstalledLeavesTheStateAsItWas() throws IOException {
        turn(target, 1, "a=1");
        Path empty = Files.createDirectories(fixture.root.resolve("empty"));
        assertThatThrownBy(() -> target.install(empty)).isInstanceOf(IOException.class);

        Path garbage = Files.createDirectories(fixture.root.resolve("garbage"));
        Files.writeString(garbage.resolve("CURRENT"), "MANIFEST-000001\n");
        Files.write(garbage.resolve("MANIFEST-000001"), new byte[1000]);
        assertThatThrownBy(() -> target.install(garbage)).isInstanceOf(IOException.class);

        Path newer = fixture.root.resolve("newer");
        Register future = new Register(fixture.resources, newer, 9);
        turn(future, 5, "a=5");
        try (SnapshotFiles files = future.snapshot()) {
            assertThatThrownBy(() -> target.install(receive(files)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("format 9");
        }
        future.close();
        turn(target, 2, "a=2");
        assertThat(target.value("a")).isEqualTo("12");
    }

    @Test
    void theReplacedStateIsRemoved() throws IOException {
        turn(source, 1, "a=1");
        try (SnapshotFiles files = source.snapshot()) {
            target.install(receive(files));
        }
        await().until(() -> !Files.exists(fixture.root.resolve("target.old")));
        assertThat(fixture.root.resolve("target.incoming")).doesNotExist();
    }

    /** Copies a snapshot as a transport would: the named files, into a directory of the receiver. */
    private Path receive(SnapshotFiles files) throws IOException {
        Path received = Files.createTempDirectory(fixture.root, "received");
        for (String name : files.names()) {
            Files.copy(files.directory().resolve(name), received.resolve(name));
        }
        return received;
    }
}
