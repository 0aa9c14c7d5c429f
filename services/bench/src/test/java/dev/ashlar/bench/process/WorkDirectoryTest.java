package dev.ashlar.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class WorkDirectoryTest {
    @TempDir
    Path dir;

    @Test
    void itsOwnDataIsEmptied() throws IOException {
        Path work = WorkDirectory.empty(dir.resolve("work"));
        Files.createDirectories(work.resolve("store-0/db"));
        WorkDirectory.empty(work);
        assertThat(work.resolve("store-0")).doesNotExist();
    }

    @Test
    void somebodyElsesFilesStay() throws IOException {
        Files.writeString(dir.resolve("thesis.txt"), "chapter 1");
        assertThatThrownBy(() -> WorkDirectory.empty(dir)).isInstanceOf(IOException.class);
        assertThat(dir.resolve("thesis.txt")).exists();
    }
}
