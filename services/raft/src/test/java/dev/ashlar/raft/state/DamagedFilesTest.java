package dev.ashlar.raft.state;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A byte of a table file is another one than was written. */
class DamagedFilesTest {
    @Test
    void aFlippedByteIsAnErrorAndIsRemembered() throws IOException {
        try (StateFixture fixture = new StateFixture()) {
            try (Register register = fixture.open("state")) {
                for (int i = 0; i < 200; i++) {
                    StateFixture.turn(register, i + 1, "key-" + i + "=" + value(i));
                }
            }
            flip(fixture.root.resolve("state"));
            try (Register register = fixture.open("state")) {
                assertThat(register.damage()).isEmpty();
                assertThatThrownBy(register::checksum).isInstanceOf(StateDamagedException.class);
                assertThat(register.damage()).containsIgnoringCase("corruption");
                // What lies in other blocks can still be read, and nothing wrong is ever answered.
                int answered = 0;
                for (int i = 0; i < 200; i++) {
                    try {
                        assertThat(register.value("key-" + i)).isEqualTo(value(i));
                        answered++;
                    } catch (StateDamagedException damaged) {
                        assertThat(damaged).hasMessageContaining("cannot read the state");
                    }
                }
                assertThat(answered).isBetween(1, 199);
            }
        }
    }

    @Test
    void aViewEndsWhenTheStateIsReplaced() throws IOException {
        try (StateFixture fixture = new StateFixture();
                Register from = fixture.open("from");
                Register to = fixture.open("to")) {
            StateFixture.turn(from, 1, "a=1");
            StateFixture.turn(from, 2, "b=2");
            StateFixture.turn(to, 1, "a=1");
            StateView view = to.openView();
            assertThat(to.checksum(view, bytes -> {}).appliedIndex()).isEqualTo(1);
            to.install(from.snapshot().directory());
            assertThatThrownBy(() -> to.checksum(view, bytes -> {})).hasMessageContaining("closed or replaced");
            view.close();
            assertThat(to.checksum()).isEqualTo(from.checksum());
        }
    }

    @Test
    void aViewDoesNotMoveOn() throws IOException {
        try (StateFixture fixture = new StateFixture();
                Register register = fixture.open("state")) {
            StateFixture.turn(register, 1, "a=1");
            StateChecksum then = register.checksum();
            try (StateView view = register.openView()) {
                StateFixture.turn(register, 2, "a=2");
                assertThat(register.checksum(view, bytes -> {})).isEqualTo(then);
            }
            assertThat(register.checksum()).isNotEqualTo(then);
        }
    }

    /** Nothing that compresses well: the table must have more blocks than the one with the state's own rows. */
    private static String value(int i) {
        StringBuilder text = new StringBuilder();
        new Random(i).ints(600, 'A', 'z').forEach(c -> text.append((char) c));
        return text.toString();
    }

    /** In a data block in the middle of the only table file. */
    private static void flip(Path state) throws IOException {
        try (Stream<Path> files = Files.list(state)) {
            Path table = files.filter(file -> file.toString().endsWith(".sst"))
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(table.toFile(), "rw")) {
                long middle = file.length() / 2;
                file.seek(middle);
                int was = file.read();
                file.seek(middle);
                file.write(was ^ 0x10);
            }
        }
    }
}
