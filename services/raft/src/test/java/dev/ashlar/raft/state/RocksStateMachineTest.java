package dev.ashlar.raft.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.raft.LogEntry;

import static dev.ashlar.raft.state.StateFixture.entry;
import static dev.ashlar.raft.state.StateFixture.turn;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class RocksStateMachineTest {
    private StateFixture fixture;
    private Register register;

    @BeforeEach
    void open() throws IOException {
        fixture = new StateFixture();
        register = fixture.open("state");
    }

    @AfterEach
    void close() throws IOException {
        register.close();
        fixture.close();
    }

    @Test
    void effectsAreSeenInsideTheTurnAtOnceAndByReadersAfterIt() throws IOException {
        register.apply(entry(1, "a=x", "a=y"));
        register.apply(entry(2, "a=z"));
        assertThat(register.value("a")).isEqualTo("absent");
        register.endOfTurn();
        assertThat(register.value("a")).isEqualTo("xyz");
        turn(register, 3, "a=", "a=new");
        assertThat(register.value("a")).isEqualTo("new");
        assertThat(register.appliedIndex()).isEqualTo(3);
    }

    @Test
    void outcomesAreToldOnceAndOnlyAfterTheTurn() throws IOException {
        Told told = new Told("a=x");
        register.apply(new LogEntry(1, List.of(told.bytes()), List.of(told)));
        assertThat(told.applied).isZero();
        register.endOfTurn();
        register.endOfTurn();
        assertThat(told.applied).isEqualTo(1);
        assertThat(told.failed).isZero();
    }

    @Test
    void aTurnOfAnySizeIsWrittenInParts() throws IOException {
        String text = "t".repeat(100_000);
        for (int i = 1; i <= 100; i++) {
            register.apply(entry(i, "k" + i + "=" + text));
        }
        register.endOfTurn();
        assertThat(register.rows()).isEqualTo(100 + 3);
    }

    @Test
    void anIndexWithoutEffectIsKept() throws IOException {
        register.advance(7);
        register.endOfTurn();
        register.close();
        register = fixture.open("state");
        assertThat(register.appliedIndex()).isEqualTo(7);
        assertThat(register.durableIndex()).isEqualTo(7);
    }

    @Test
    void aCrashTakesTheStateBackToTheDurableIndexAndNeverBelowIt() throws IOException {
        turn(register, 1, "a=1");
        assertThat(register.durableIndex()).isZero();
        register.requestFlush();
        await().until(() -> register.durableIndex() == 1);
        turn(register, 2, "a=2");
        assertThat(register.durableIndex()).isEqualTo(1);

        StateFixture.copyAsAfterCrash(fixture.root.resolve("state"), fixture.root.resolve("crashed"));
        Register crashed = fixture.open("crashed");
        assertThat(crashed.appliedIndex()).isEqualTo(1);
        assertThat(crashed.value("a")).isEqualTo("1");
        turn(crashed, 2, "a=2");
        assertThat(crashed.checksum()).isEqualTo(register.checksum());
        crashed.close();
    }

    @Test
    void closingFlushes() throws IOException {
        turn(register, 1, "a=1");
        register.close();
        register = fixture.open("state");
        assertThat(register.durableIndex()).isEqualTo(1);
        assertThat(register.value("a")).isEqualTo("1");
    }

    @Test
    void aClosedStateRefusesReadersWithWords() throws IOException {
        register.close();
        register.close();
        register.requestFlush();
        assertThatThrownBy(() -> register.value("a"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is closed");
        assertThatThrownBy(register::rows).isInstanceOf(IOException.class);
        assertThatThrownBy(register::snapshot).isInstanceOf(IOException.class);
        assertThatThrownBy(register::checksum).isInstanceOf(IOException.class);
    }

    @Test
    void aNewerFormatIsRefusedAndAnOlderIsTaken() throws IOException {
        turn(register, 1, "a=1");
        register.close();
        Path path = fixture.root.resolve("state");
        new Register(fixture.resources, path, 2).close();
        register = fixture.open("state");
        register.close();
        Path newer = fixture.root.resolve("newer");
        new Register(fixture.resources, newer, 2).close();
        assertThatThrownBy(() -> new Register(fixture.resources, newer, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(newer.toString())
                .hasMessageContaining("format 2");
    }

    @Test
    void oneDatabaseIsOpenedOnce() {
        assertThatThrownBy(() -> fixture.open("state"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("uses it");
        assertThat(register.appliedIndex()).isZero();
    }

    @Test
    void aDamagedDatabaseSaysWhereItIsAndWhatToDo() throws IOException {
        turn(register, 1, "a=1");
        register.close();
        Path path = fixture.root.resolve("state");
        Files.writeString(path.resolve("CURRENT"), "MANIFEST-999999\n");
        assertThatThrownBy(() -> fixture.open("state"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("rebuilt");
    }

    @Test
    void checksumsDependOnTheEntriesAndNotOnTheTurns() throws IOException {
        Register other = fixture.open("other");
        for (int i = 1; i <= 50; i++) {
            turn(register, i, "k" + i % 7 + "=" + i);
            other.apply(entry(i, "k" + i % 7 + "=" + i));
        }
        other.endOfTurn();
        assertThat(other.checksum()).isEqualTo(register.checksum());
        turn(other, 51, "k3=different");
        turn(register, 51, "k3=other");
        assertThat(other.checksum().checksum()).isNotEqualTo(register.checksum().checksum());
        other.close();
    }
}
