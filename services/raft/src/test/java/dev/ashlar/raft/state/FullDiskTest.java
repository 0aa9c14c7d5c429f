package dev.ashlar.raft.state;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.ashlar.raft.state.StateFixture.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** S9: a full disk refuses writes with a clear error, reads go on, and when there is room again it goes on by itself. */
class FullDiskTest {
    private static final int VALUE_BYTES = 8_000;

    private Path mount;
    private StateFixture fixture;
    private boolean mounted;

    @BeforeEach
    void mountSmallDisk() throws Exception {
        mount = Files.createTempDirectory("full");
        mounted = run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", mount.toString()) == 0;
        if (!mounted) {
            System.err.println("SKIPPED FullDiskTest: it needs the right to mount a tmpfs (root)");
        }
        Assumptions.assumeTrue(mounted, "needs the right to mount a tmpfs");
        fixture = new StateFixture(Files.createDirectory(mount.resolve("data")));
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            fixture.close();
            run("umount", mount.toString());
        }
        Files.deleteIfExists(mount);
    }

    @Test
    void readsGoOnAndTheRefusedTurnIsWrittenWhenThereIsRoom() throws Exception {
        Register register = fixture.open("state");
        turn(register, 1, "kept=yes");
        register.snapshot().close();
        assertThat(register.durableIndex()).isEqualTo(1);

        Path filler = mount.resolve("filler");
        fill(filler);
        long index = 1;
        Random random = new Random(1);
        IOException refused = null;
        // Memory takes writes until its budget is full and a flush has met the full disk.
        while (refused == null && index < 20_000) {
            StringBuilder text = new StringBuilder();
            while (text.length() < VALUE_BYTES) {
                text.append(Long.toHexString(random.nextLong()));
            }
            try {
                turn(register, ++index, "k" + index + "=" + text);
            } catch (IOException e) {
                refused = e;
            }
        }
        System.out.println("full disk: refused at index " + index + ": " + refused);
        assertThat(register.value("kept")).isEqualTo("yes");
        assertThat(register.value("k2")).hasSizeGreaterThan(VALUE_BYTES);
        assertThatThrownBy(register::snapshot)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(fixture.root.toString());
        assertThat(register.durableIndex()).isLessThan(index);
        assertThat(refused).isInstanceOf(StateDiskFullException.class);

        Files.delete(filler);
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> {
                    register.endOfTurn();
                    return true;
                });
        assertThat(register.value("k" + index)).hasSizeGreaterThan(VALUE_BYTES - 1);
        register.close();
        Register again = fixture.open("state");
        assertThat(again.value("kept")).isEqualTo("yes");
        assertThat(again.appliedIndex()).isEqualTo(index);
        turn(again, again.appliedIndex() + 1, "after=yes");
        assertThat(again.value("after")).isEqualTo("yes");
        again.close();
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
