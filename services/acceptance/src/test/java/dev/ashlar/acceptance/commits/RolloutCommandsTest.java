package dev.ashlar.acceptance.commits;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import com.sun.net.httpserver.HttpServer;
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
        Path replicas = clone.resolve("gitops/overlays/partitioned/store/replicas.yaml");
        String committed = Files.readString(replicas);
        Files.writeString(replicas, committed + "# by hand\n");
        refused("not committed", "promote");
        assertThat(replicas).hasContent(committed + "# by hand\n");
        Files.writeString(replicas, committed);
        ok(clone, "git", "commit", "-q", "--allow-empty", "-m", "Mine, not yet for others");
        refused("not of these commands", "promote");
        ok(clone, "git", "reset", "-q", "--soft", "HEAD~1");
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

    @Test
    void scaleInGoesOneOrdinalACommitAndAsksTheGateBeforeEach() throws Exception {
        rollout("scale", "5");
        Path kubectl = fakeKubectl("{\"verdict\":\"proceed\"}");
        Ended ended = run(clone, Map.of("WAIT", "30", "KUBECTL", kubectl.toString()), rolloutCommand("scale", "3"));
        assertThat(ended.code()).as(ended.text()).isZero();
        assertThat(ok(clone, "git", "log", "-3", "--format=%s"))
                .isEqualTo("Scale store to 3\nScale store to 4\nScale store to 5");
        assertThat(Files.readString(directory.resolve("asked")))
                .containsSubsequence("ordinal=4", "looked", "ordinal=3", "looked");
        fakeKubectl("{\"verdict\":\"hold\",\"reasons\":[\"shard 1 has no majority without it\"]}");
        rollout("scale", "4");
        ended = run(
                clone,
                Map.of("WAIT", "30", "GATE_WAIT", "0", "KUBECTL", kubectl.toString()),
                rolloutCommand("scale", "3"));
        assertThat(ended.text()).contains("the gate holds store-3", "no majority without it");
        assertThat(overlay()).contains("replicas: 4");
    }

    @Test
    void scaleInThatCannotLookTakesOneStep() throws Exception {
        rollout("scale", "5");
        assertThat(rollout("scale", "3").text()).contains("make scale REPLICAS=3 again");
        assertThat(overlay()).contains("replicas: 4");
        rollout("scale", "3");
        assertThat(overlay()).contains("replicas: 3");
    }

    @Test
    void whatElseIsEditedOrStagedStaysAsItIs() throws Exception {
        Files.writeString(clone.resolve("gitops/mine"), "staged");
        ok(clone, "git", "add", "gitops/mine");
        Path readme = clone.resolve("gitops/parameters/kustomization.yaml");
        Files.writeString(readme, Files.readString(readme) + "# edited\n");
        String before = ok(clone, "git", "status", "--porcelain");
        rollout("release", "2.0.0");
        rollout("promote");
        rollout("rollback");
        assertThat(ok(clone, "git", "status", "--porcelain")).isEqualTo(before);
        // A server that takes no push: the own commit goes, the rest stays.
        Path hook = directory.resolve("origin.git/hooks/update");
        Files.writeString(hook, "#!/bin/sh\nexit 1\n");
        assertThat(hook.toFile().setExecutable(true)).isTrue();
        refused("the commit is taken back", "release", "3.0.0");
        assertThat(ok(clone, "git", "status", "--porcelain")).isEqualTo(before);
        assertThat(overlay()).doesNotContain("3.0.0");
    }

    @Test
    void interruptedRolloutSaysHowThingsStandAndWhatGoesOn() throws Exception {
        rollout("release", "2.0.0");
        Path kubectl = fakeKubectl("{\"verdict\":\"proceed\"}");
        Files.writeString(directory.resolve("health"), "Progressing");
        Process process =
                start(clone, Map.of("WAIT", "600", "KUBECTL", kubectl.toString()), rolloutCommand("release", "2.0.0"));
        StringBuilder text = new StringBuilder();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            text.append(line).append('\n');
            if (line.contains("Progressing")) {
                process.toHandle().destroy();
            }
        }
        assertThat(process.waitFor()).isEqualTo(130);
        assertThat(text.toString()).contains("interrupted: ", "To go on: make release VERSION=2.0.0 again");
    }

    @Test
    void commitThatAnInterruptedRunLeftIsPushedAndNoFurtherStepTaken() throws Exception {
        rollout("release", "2.0.0");
        rollout("promote");
        ok(clone, "git", "push", "-q", "--force", "origin", "HEAD~1:main");
        assertThat(rollout("promote").text()).contains("pushed what an interrupted run left");
        assertThat(overlay()).contains("partition: 1");
        assertThat(ok(clone, "git", "rev-parse", "HEAD")).isEqualTo(ok(clone, "git", "rev-parse", "origin/main"));
    }

    @Test
    void tokenAndAuthorityReachTheGate() throws Exception {
        rollout("release", "2.0.0");
        AtomicReference<String> shown = new AtomicReference<>("");
        HttpServer coordinator = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        coordinator.createContext("/v1/gate", exchange -> {
            shown.set(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            boolean known = shown.get().equals("Bearer let-me");
            byte[] answer = (known ? "{\"verdict\":\"proceed\"}" : "{\"code\":\"unauthenticated\"}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 401, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        coordinator.start();
        try {
            Map<String, String> environment = new HashMap<>(Map.of("WAIT", "0", "FORCE", "1", "KUBECTL", "false"));
            environment.put(
                    "COORDINATOR",
                    "http://127.0.0.1:" + coordinator.getAddress().getPort());
            assertThat(run(clone, environment, rolloutCommand("promote")).text())
                    .contains("set ASHLAR_TOKEN");
            assertThat(overlay()).contains("partition: 2");
            environment.put("ASHLAR_TOKEN", "let-me");
            environment.put("ASHLAR_CA_FILE", "/does/not/exist");
            assertThat(run(clone, environment, rolloutCommand("promote")).text())
                    .contains("ASHLAR_CA_FILE=/does/not/exist cannot be read");
            environment.remove("ASHLAR_CA_FILE");
            Ended ended = run(clone, environment, rolloutCommand("promote"));
            assertThat(ended.code()).as(ended.text()).isZero();
            assertThat(overlay()).contains("partition: 1");
            // Without an address a port is forwarded: the API server would not pass the token on.
            environment.remove("COORDINATOR");
            Path kubectl = directory.resolve("forwarding");
            Files.writeString(
                    kubectl,
                    "#!/bin/sh\ncase \"$*\" in *port-forward*) echo \"Forwarding from 127.0.0.1:"
                            + coordinator.getAddress().getPort() + " -> 8080\"; exec sleep 60 ;; *) exit 1 ;; esac\n");
            assertThat(kubectl.toFile().setExecutable(true)).isTrue();
            environment.put("KUBECTL", kubectl.toString());
            shown.set("");
            ended = run(clone, environment, rolloutCommand("promote"));
            assertThat(ended.code()).as(ended.text()).isZero();
            assertThat(shown.get()).isEqualTo("Bearer let-me");
            assertThat(overlay()).contains("partition: 0");
        } finally {
            coordinator.stop(0);
        }
    }

    /** A cluster where Argo CD always has the newest commit; notes what it was asked in the file {@code asked}. */
    private Path fakeKubectl(String verdict) throws IOException {
        Path kubectl = directory.resolve("kubectl");
        Files.writeString(directory.resolve("health"), "Healthy");
        Files.writeString(
                kubectl,
                "#!/bin/sh\ncase \"$*\" in\n*ordinal=*) echo \"$*\" >> " + directory + "/asked; echo '" + verdict
                        + "' ;;\n"
                        + "*jsonpath*) echo looked >> " + directory
                        + "/asked; printf 'Synced|%s|%s|Succeeded|' \"$(cat "
                        + directory + "/health)\" \"$(git rev-parse HEAD)\" ;;\n*) echo there ;;\nesac\n");
        assertThat(kubectl.toFile().setExecutable(true)).isTrue();
        return kubectl;
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
        Process process = start(where, environment, command);
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES))
                .as("%s ends", List.of(command))
                .isTrue();
        return new Ended(process.exitValue(), text.strip());
    }

    private static Process start(Path where, Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(List.of(command)).directory(where.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("ASHLAR_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
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
