package dev.ashlar.store.membership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.common.disk.DataDirectory;

import static org.assertj.core.api.Assertions.assertThat;

/** A number is worth something on the disk that it was written on, and nowhere else (S5). */
class LastStartTest {
    @TempDir
    Path temp;

    @Test
    void isKnownToTheNextProcessOnTheDisk() throws IOException {
        Path data = temp.resolve("data");
        try (DataDirectory directory = DataDirectory.open(data)) {
            LastStart first = new LastStart(data, directory.mark());
            assertThat(first.incarnation()).isEmpty();
            first.remember(7);
            first.remember(8);
        }
        try (DataDirectory directory = DataDirectory.open(data)) {
            assertThat(new LastStart(data, directory.mark()).incarnation()).hasValue(8);
        }
    }

    @Test
    void isNothingOnACopyOfTheDisk() throws IOException {
        Path data = temp.resolve("data");
        Path copy = Files.createDirectory(temp.resolve("copy"));
        try (DataDirectory directory = DataDirectory.open(data)) {
            new LastStart(data, directory.mark()).remember(7);
        }
        for (String file : new String[] {"disk", "incarnation", "lock"}) {
            Files.copy(data.resolve(file), copy.resolve(file));
        }
        try (DataDirectory directory = DataDirectory.open(copy)) {
            assertThat(new LastStart(copy, directory.mark()).incarnation()).isEmpty();
            // The control: it is the mark that tells them apart, not the file.
            try (DataDirectory original = DataDirectory.open(data)) {
                assertThat(new LastStart(copy, original.mark()).incarnation()).hasValue(7);
            }
        }
    }

    @Test
    void isForgottenWhenTheProcessWasFenced() throws IOException {
        LastStart last = new LastStart(temp, "here");
        last.remember(7);
        last.forget();
        assertThat(last.incarnation()).isEmpty();
        last.forget();
    }

    @Test
    void isNothingWhenTheFileSystemTellsNoMarkOrTheFileIsDamaged() throws IOException {
        LastStart unmarked = new LastStart(temp, "");
        unmarked.remember(7);
        assertThat(unmarked.incarnation()).isEmpty();
        LastStart last = new LastStart(temp, "here");
        for (String damaged : new String[] {"", "7", "7\n", "x\nhere\n", "-7\nhere\n", "7\nhere\nmore\n"}) {
            Files.writeString(temp.resolve("incarnation"), damaged);
            assertThat(last.incarnation()).as(damaged).isEmpty();
        }
    }
}
