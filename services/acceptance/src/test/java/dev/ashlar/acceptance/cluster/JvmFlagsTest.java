package dev.ashlar.acceptance.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** An image, {@code ashlar dev} and the figures must speak of the same JVM. */
class JvmFlagsTest {
    private static final String ARGUMENTS = "quarkus.jib.jvm-additional-arguments=";
    /** The others give a heap of a fixed size. */
    private static final String OF_IMAGES_ALONE = "-XX:MaxRAMPercentage";

    @Test
    void theFlagsOfAnImageAreThoseOfTheOtherWaysToStartIt() throws IOException {
        check("store", "-XX:MetaspaceSize=64m", "-XX:TargetSurvivorRatio=90", "-XX:+ExitOnOutOfMemoryError");
        check("coordinator", "-XX:MetaspaceSize=64m", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError");
    }

    private static void check(String service, String... flags) throws IOException {
        assertThat(flagsOfImage(service)).containsExactly(flags);
        for (String other : List.of(
                "services/cli/src/main/java/dev/ashlar/cli/dev/Programs.java",
                "services/bench/src/main/java/dev/ashlar/bench/process/AshlarCluster.java")) {
            assertThat(Files.readString(RepositoryHome.find().resolve(other)))
                    .as(other)
                    .contains(Stream.of(flags).map(flag -> '"' + flag + '"').toList());
        }
    }

    private static List<String> flagsOfImage(String service) throws IOException {
        Path settings = RepositoryHome.find()
                .resolve("services/" + service + "/src/main/resources/META-INF/microprofile-config.properties");
        return Files.readAllLines(settings).stream()
                .filter(line -> line.startsWith(ARGUMENTS))
                .flatMap(line -> Stream.of(line.substring(ARGUMENTS.length()).split(",", -1)))
                .filter(flag -> flag.startsWith("-XX:") && !flag.startsWith(OF_IMAGES_ALONE))
                .toList();
    }
}
