package dev.ashlar.acceptance.commits;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Releases, promotions, rollbacks and scaling are commits, can be repeated, and refuse with the reason before they change anything. */
class RolloutCommandsTest {
    private static final Path ROOT = repositoryRoot();

    @TempDir
    Path directory;

    private Path clone;

    private record Ended(int code, String text) {}

    @BeforeEach
    void clonedRepository() throws Exception {
        clone = directory.resolve("clone");
        ok(directory, "git", "init", "-q", "--bare", "-b", "main", "origin.git");
        ok(directory, "git", "clone", "-q", "origin.git", "clone");
        ok(clone, "git", "checkout", "-q", "-B", "main");
        identify(clone);
        copy(ROOT.resolve("gitops"), clone.resolve("gitops"));
        Path parameters = clone.resolve("gitops/parameters/parameters.yaml");
        Files.writeString(
                parameters,
                Files.readString(parameters)
                        .replace("environment: rolling", "environment: partitioned")
                        .replace("registry: registry.example", "registry: 127.0.0.1:1"));
        ok(clone, "git", "add", "-A");
        ok(clone, "git", "commit", "-q", "-m", "Begin");
        ok(clone, "git", "push", "-q", "origin", "main");
    }

    @Test
    void releaseStepsDownThePartitionAndRollsBackAsAWhole() throws Exception {
        String before = overlay();
        assertThat(rollout("release", "2.0.0").text()).contains("canary store-2");
        assertThat(overlay()).contains("ashlar/store:2.0.0", "partition: 2");
        assertThat(rollout("release", "2.0.0").text()).as("again").contains("already is at 2.0.0");
        rollout("promote");
        assertThat(overlay()).contains("partition: 1");
        rollout("promote");
        assertThat(overlay()).contains("partition: 0");
        assertThat(rollout("promote").text()).contains("nothing to promote");
        rollout("rollback");
        assertThat(overlay()).isEqualTo(before);
        assertThat(rollout("rollback").text()).contains("rolled back already");
        assertThat(ok(clone, "git", "rev-parse", "HEAD")).isEqualTo(ok(clone, "git", "rev-parse", "origin/main"));
    }

    @Test
    void whatIsRefusedChangesNothing() throws Exception {
        refused("no image tag", "release", "not a tag");
        refused("3 is the least", "scale", "2");
        refused("no release of store", "rollback");
        rollout("release", "2.0.0");
        refused("a release is under way", "release", "3.0.0");
        refused("a release is under way", "scale", "5");
        Files.writeString(clone.resolve("gitops/edited"), "by hand");
        refused("not committed", "promote");
        Files.delete(clone.resolve("gitops/edited"));
        ok(directory, "git", "clone", "-q", "-b", "main", "origin.git", "other");
        Path other = directory.resolve("other");
        identify(other);
        ok(other, "git", "commit", "-q", "--allow-empty", "-m", "Be faster");
        ok(other, "git", "push", "-q", "origin", "main");
        refused("git pull first", "promote");
    }

    @Test
    void gateThatCannotBeAskedHoldsUnlessForced() throws Exception {
        rollout("release", "2.0.0");
        Ended ended = run(clone, Map.of("WAIT", "0", "KUBECTL", "false"), rolloutCommand("promote"));
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.text()).contains("FORCE=1");
        assertThat(overlay()).contains("partition: 2");
    }

    @Test
    void scaleIsACommitOfItsOwn() throws Exception {
        rollout("scale", "5");
        assertThat(overlay()).contains("replicas: 5");
        assertThat(ok(clone, "git", "log", "-1", "--format=%s")).isEqualTo("Scale store to 5");
        assertThat(rollout("scale", "5").text()).contains("already has 5");
    }

    private void refused(String reason, String... arguments) throws Exception {
        String head = ok(clone, "git", "rev-parse", "HEAD");
        Ended ended = run(clone, Map.of("WAIT", "0", "FORCE", "1", "KUBECTL", "false"), rolloutCommand(arguments));
        assertThat(ended.text()).contains(reason);
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ok(clone, "git", "rev-parse", "HEAD")).isEqualTo(head);
    }

    private Ended rollout(String... arguments) throws Exception {
        Ended ended = run(clone, Map.of("WAIT", "0", "FORCE", "1", "KUBECTL", "false"), rolloutCommand(arguments));
        assertThat(ended.code()).as(ended.text()).isZero();
        return ended;
    }

    private static String[] rolloutCommand(String... arguments) {
        return Stream.concat(Stream.of(ROOT.resolve("deploy/rollout").toString()), Arrays.stream(arguments))
                .toArray(String[]::new);
    }

    /** The one-concern files, one after the other. */
    private String overlay() throws IOException {
        Path store = clone.resolve("gitops/overlays/partitioned/store");
        return Files.readString(store.resolve("version.yaml"))
                + Files.readString(store.resolve("rollout.yaml"))
                + Files.readString(store.resolve("replicas.yaml"));
    }

    private static void identify(Path repository) throws Exception {
        ok(repository, "git", "config", "user.name", "test");
        ok(repository, "git", "config", "user.email", "test@localhost");
    }

    private static String ok(Path where, String... command) throws Exception {
        Ended ended = run(where, Map.of(), command);
        assertThat(ended.code()).as(ended.text()).isZero();
        return ended.text();
    }

    private static Ended run(Path where, Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(List.of(command)).directory(where.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES))
                .as("%s ends", List.of(command))
                .isTrue();
        return new Ended(process.exitValue(), text.strip());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target);
                }
            }
        }
    }

    private static Path repositoryRoot() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("gitops"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
