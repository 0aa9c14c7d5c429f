package dev.ashlar.acceptance.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LogCheckTest {
    @TempDir
    private Path dir;

    @Test
    void faultsThatTestsBringAboutAreNoNews() throws IOException {
        Path log = Files.write(
                dir.resolve("store-0.log"),
                List.of(
                        "ERROR the replica cannot be started: NoSuchFileException: CURRENT",
                        "java.io.IOException: full"));
        assertThatCode(() -> LogCheck.check(List.of(log, dir.resolve("never-started.log"))))
                .doesNotThrowAnyException();
    }

    @Test
    void missingMetadataIsFoundInAnyLog() throws IOException {
        Path clean = Files.write(dir.resolve("store-0.log"), List.of("ready"));
        Path bad = Files.write(
                dir.resolve("store-1.log"),
                List.of("ready", "org.graalvm.nativeimage.MissingReflectionRegistrationError: Cannot ...", "stopped"));
        assertThatThrownBy(() -> LogCheck.check(List.of(clean, bad)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("store-1.log: org.graalvm.nativeimage.MissingReflectionRegistrationError")
                .hasMessageNotContaining("ready");
    }
}
