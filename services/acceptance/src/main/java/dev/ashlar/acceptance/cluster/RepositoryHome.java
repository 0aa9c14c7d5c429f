package dev.ashlar.acceptance.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the built jars are. */
final class RepositoryHome {
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
}
