package dev.ashlar.acceptance.manifests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The committed base of both services is what this build generates; {@code -Dashlar.manifests.write=true} makes it so. */
class ManifestDriftTest {

    private static final Path ROOT = repositoryRoot();

    @ParameterizedTest
    @ValueSource(strings = {"store", "coordinator"})
    void committedManifestsAreTheGeneratedOnes(String service) throws IOException {
        Map<String, String> generated = new GeneratedManifests()
                .read(ROOT.resolve("services").resolve(service).resolve("target"));
        Path committed = ROOT.resolve("gitops/base").resolve(service).resolve("generated");
        if (Boolean.getBoolean("ashlar.manifests.write")) {
            write(committed, generated);
        }
        assertThat(readAll(committed)).as("run `make manifests` and commit").isEqualTo(generated);
    }

    private static void write(Path directory, Map<String, String> files) throws IOException {
        Files.createDirectories(directory);
        for (String stale : readAll(directory).keySet()) {
            Files.delete(directory.resolve(stale));
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(directory.resolve(file.getKey()), file.getValue());
        }
    }

    private static Map<String, String> readAll(Path directory) throws IOException {
        Map<String, String> files = new TreeMap<>();
        if (Files.isDirectory(directory)) {
            try (Stream<Path> paths = Files.list(directory)) {
                for (Path path : paths.toList()) {
                    files.put(path.getFileName().toString(), Files.readString(path));
                }
            }
        }
        return files;
    }

    static Path repositoryRoot() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("gitops"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
