package dev.ashlar.raft.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** A crash after each step of an install, and after each step of the recovery from it. */
class StateDirectoryTest {
    @TempDir
    Path root;

    private StateDirectory directory;
    private Path received;

    @BeforeEach
    void oldStateAndAReceivedOne() throws IOException {
        directory = new StateDirectory(root.resolve("state"));
        directory.recover();
        write(root.resolve("state"), "old");
        received = root.resolve("received");
        write(received, "new");
    }

    @Test
    void aCrashBeforeTheStepsKeepsTheOldState() throws IOException {
        recoverTwiceAndExpect("old");
    }

    @Test
    void aCrashAfterStagingKeepsTheOldState() throws IOException {
        directory.stage(received);
        recoverTwiceAndExpect("old");
    }

    @Test
    void aCrashAfterRetiringTheOldStateFinishesTheInstall() throws IOException {
        directory.stage(received);
        directory.retire();
        recoverTwiceAndExpect("new");
    }

    @Test
    void aCrashAfterPromotingTheNewStateKeepsIt() throws IOException {
        directory.stage(received);
        directory.retire();
        directory.promote();
        recoverTwiceAndExpect("new");
    }

    @Test
    void aCrashInTheMiddleOfRemovingTheOldStateKeepsTheNewOne() throws IOException {
        directory.stage(received);
        directory.retire();
        directory.promote();
        Files.delete(root.resolve("state.old/b"));
        recoverTwiceAndExpect("new");
    }

    @Test
    void aCrashInTheMiddleOfRemovingWhatWasStagedKeepsTheOldState() throws IOException {
        directory.stage(received);
        Files.delete(root.resolve("state.incoming/a"));
        recoverTwiceAndExpect("old");
    }

    @Test
    void aSecondInstallAfterACrashedOneWorks() throws IOException {
        directory.stage(received);
        directory.recover();
        Path again = root.resolve("again");
        write(again, "newer");
        directory.stage(again);
        directory.retire();
        directory.promote();
        directory.removeOld();
        recoverTwiceAndExpect("newer");
    }

    @Test
    void deletingLeavesNothing() throws IOException {
        directory.stage(received);
        Files.createDirectories(directory.newSnapshot(1));
        directory.delete();
        try (var rest = Files.list(root)) {
            assertThat(rest).isEmpty();
        }
    }

    private void recoverTwiceAndExpect(String content) throws IOException {
        for (int i = 0; i < 2; i++) {
            new StateDirectory(root.resolve("state")).recover();
            for (String name : List.of("a", "b")) {
                assertThat(root.resolve("state").resolve(name)).hasContent(content);
            }
            assertThat(root.resolve("state.old")).doesNotExist();
            assertThat(root.resolve("state.incoming")).doesNotExist();
        }
    }

    private static void write(Path path, String content) throws IOException {
        Files.createDirectories(path);
        Files.writeString(path.resolve("a"), content);
        Files.writeString(path.resolve("b"), content);
    }
}
