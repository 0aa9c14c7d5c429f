package dev.ashlar.common.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DataDirectoryTest {
    @TempDir
    Path temp;

    @Test
    void keepsTheDiskIdOfTheFirstStart() {
        Path data = temp.resolve("data");
        String first;
        try (DataDirectory directory = DataDirectory.open(data)) {
            first = directory.diskId();
        }
        try (DataDirectory directory = DataDirectory.open(data)) {
            assertThat(directory.diskId()).isEqualTo(first).matches("[0-9a-f]{16}");
        }
        try (DataDirectory other = DataDirectory.open(temp.resolve("other"))) {
            assertThat(other.diskId()).isNotEqualTo(first);
        }
    }

    @Test
    void refusesASecondUser() {
        try (DataDirectory first = DataDirectory.open(temp.resolve("data"))) {
            assertThatThrownBy(() -> DataDirectory.open(first.path()))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("in use by another process");
        }
    }

    @Test
    void refusesAVolumeThatIsNotMounted() {
        assertThatThrownBy(() -> DataDirectory.open(temp.resolve("missing/data")))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("is the volume mounted?");
    }

    @Test
    void refusesDataWithoutAnIdentityAndTakesAFreshFileSystem() throws IOException {
        Files.createDirectory(temp.resolve("lost+found"));
        try (DataDirectory directory = DataDirectory.open(temp)) {
            assertThat(directory.diskId()).hasSize(16);
        }
        Files.createDirectory(temp.resolve("wal"));
        Files.delete(temp.resolve("disk"));
        assertThatThrownBy(() -> DataDirectory.open(temp)).hasMessageContaining("holds 'wal' but no file 'disk'");
    }

    @Test
    void startsAnewAfterACrashBeforeTheIdentityWasWhole() throws IOException {
        Files.writeString(temp.resolve("disk.new"), "form");
        try (DataDirectory directory = DataDirectory.open(temp)) {
            assertThat(directory.diskId()).hasSize(16);
        }
    }

    @Test
    void aRaisedFormatClosesTheDiskToAnOlderVersionForGood() throws IOException {
        String property = "dev.ashlar.pretended-format";
        System.setProperty(property, "2");
        try (DataDirectory next = DataDirectory.open(temp)) {
            assertThat(next.format()).as("a version that may be rolled back").isEqualTo(1);
            next.raiseFormat(2);
            next.raiseFormat(1);
            assertThat(next.format()).isEqualTo(2);
            assertThatThrownBy(() -> next.raiseFormat(3)).hasMessageContaining("format 3 is newer than 2");
        } finally {
            System.clearProperty(property);
        }
        assertThatThrownBy(() -> DataDirectory.open(temp))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining("has format 2, this version reads formats up to 1")
                .hasMessageContaining("written by a newer version");
        System.setProperty(property, "2");
        try (DataDirectory next = DataDirectory.open(temp)) {
            assertThat(next.format()).isEqualTo(2);
        } finally {
            System.clearProperty(property);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "format=2;disk_id=00ff00ff00ff00ff | written by a newer version",
                "format=x;disk_id=00ff00ff00ff00ff | no valid format",
                "disk_id=00ff00ff00ff00ff          | no valid format",
                "format=1                          | no valid disk_id",
                "format=1;disk_id=00FF             | no valid disk_id",
            })
    void refusesANewerOrDamagedIdentityAndChangesNothing(String lines, String message) throws IOException {
        Path file = temp.resolve("disk");
        Files.writeString(file, lines.replace(';', '\n') + "\n");
        assertThatThrownBy(() -> DataDirectory.open(temp))
                .isInstanceOf(StartRefusedException.class)
                .hasMessageContaining(message);
        assertThat(file).hasContent(lines.replace(';', '\n') + "\n");
        // The lock is given back: an operator may repair and try again.
        Files.writeString(file, "format=1\ndisk_id=00ff00ff00ff00ff\n");
        DataDirectory.open(temp).close();
    }
}
