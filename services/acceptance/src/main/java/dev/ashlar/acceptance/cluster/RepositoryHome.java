package dev.ashlar.acceptance.cluster;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the built jars and native executables are. */
final class RepositoryHome {
    private static final String ROCKSDB = "librocksdbjni-linux64.so";

    private RepositoryHome() {}

    /** The system property {@code ashlar.home}, the variable {@code ASHLAR_HOME}, or the repository we run in. */
    static Path find() {
        String given = System.getProperty("ashlar.home", System.getenv().getOrDefault("ASHLAR_HOME", ""));
        if (!given.isEmpty()) {
            return Path.of(given);
        }
        Path here = Path.of("").toAbsolutePath();
        for (Path path = here; path != null; path = path.getParent()) {
            if (Files.isRegularFile(path.resolve("services/store/pom.xml"))) {
                return path;
            }
        }
        throw new IllegalStateException("no repository around " + here + ": set ashlar.home");
    }

    /** The runnable jar of {@code store} or {@code coordinator}. */
    static Path jar(String service) {
        Path jar = find().resolve("services/" + service + "/target/quarkus-app/quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is not there: run `make build` first");
        }
        return jar;
    }

    /** The native executable of {@code store} or {@code coordinator}, with RocksDB's library beside it. */
    static Path executable(String service) {
        Path target = find().resolve("services/" + service + "/target");
        try (DirectoryStream<Path> runners = Files.newDirectoryStream(target, "*-runner")) {
            for (Path runner : runners) {
                if (Files.isExecutable(runner) && Files.isRegularFile(target.resolve(ROCKSDB))) {
                    return runner;
                }
            }
        } catch (IOException noTarget) {
            // Told below.
        }
        throw new IllegalStateException(
                "no " + target + "/*-runner with " + ROCKSDB + " beside it: run `make native-build` first");
    }
}
