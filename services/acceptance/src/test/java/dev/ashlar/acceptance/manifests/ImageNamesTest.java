package dev.ashlar.acceptance.manifests;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code make images} splits REGISTRY into what the image builder calls registry and group, which takes no path as a registry. */
class ImageNamesTest {

    @ParameterizedTest
    @CsvSource({
        "registry.example, registry.example, ashlar",
        "registry.example/you, registry.example, you/ashlar",
        "registry.example/you/, registry.example, you/ashlar",
        "registry.example/you/and/me, registry.example, you/and/me/ashlar",
        "localhost:5000, localhost:5000, ashlar",
        "localhost:5000/you, localhost:5000, you/ashlar",
    })
    void registryIsSplitIntoHostAndGroup(String registry, String host, String group) throws Exception {
        assertThat(dryRun(registry).split("\\s+"))
                .contains("-Dquarkus.container-image.registry=" + host, "-Dquarkus.container-image.group=" + group);
    }

    @Test
    void schemeIsRefused() throws Exception {
        assertThat(dryRun("http://localhost:5000")).contains("without a scheme", "PLAIN_HTTP=true");
    }

    private static String dryRun(String registry) throws IOException, InterruptedException {
        ProcessBuilder make = new ProcessBuilder("make", "-n", "images", "REGISTRY=" + registry)
                .directory(ManifestDriftTest.repositoryRoot().toFile())
                .redirectErrorStream(true);
        // When the tests are run by make, its own flags are no part of this.
        make.environment().keySet().removeIf(name -> name.startsWith("MAKE") || name.equals("MFLAGS"));
        make.environment().remove("NATIVE");
        Process process = make.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text;
    }
}
