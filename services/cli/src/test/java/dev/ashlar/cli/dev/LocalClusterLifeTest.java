package dev.ashlar.cli.dev;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Real processes on free ports, with a stand-in for the services that starts at once. */
@Timeout(120)
class LocalClusterLifeTest {
    @TempDir
    Path root;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

    private static Map<Kind, List<String>> programs(String... args) {
        List<String> command = new java.util.ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                Path.of("target/test-classes").toAbsolutePath().toString(),
                FakeService.class.getName()));
        command.addAll(List.of(args));
        return Map.of(Kind.STORE, command, Kind.COORDINATOR, command);
    }

    private DevOptions options() {
        for (int offset = 20_000; offset < 50_000; offset += 500) {
            DevOptions options = new DevOptions(2, 1, 1, root, new PortPlan(offset));
            if (PortCheck.taken(options).isEmpty()) {
                return options;
            }
        }
        throw new IllegalStateException("no free ports");
    }

    @Test
    void becomesReadyRestartsWhatWasKilledAndLeavesNothingBehind() throws Exception {
        DevOptions options = options();
        List<ProcessSpec> plan = ProcessPlan.of(options, programs());
        CountDownLatch ready = new CountDownLatch(1);
        List<Long> pids;
        try (DataDirectory directory = DataDirectory.open(root)) {
            Supervisor supervisor = new Supervisor(options, plan, directory, out);
            // Not the common pool: with two cores it has one thread, and deaths of processes are told on it.
            Thread run = Thread.ofPlatform().start(() -> run(supervisor, ready));
            assertThat(ready.await(60, TimeUnit.SECONDS)).isTrue();
            long victim = pid("store-1");
            ProcessHandle.of(victim).orElseThrow().destroyForcibly();
            await().atMost(Duration.ofSeconds(60)).until(() -> pid("store-1") != victim);
            assertThat(printed.toString(StandardCharsets.UTF_8))
                    .contains("store-1 (pid " + victim + ") died: killed (SIGKILL)")
                    .contains("starting store-1")
                    .contains("starting store-1 again in 1 s");
            pids = List.of(pid("store-0"), pid("store-1"), pid("coordinator-0"));
            assertThat(directory.survivors()).hasSize(3);
            supervisor.stop();
            assertThat(run.join(Duration.ofSeconds(30))).isTrue();
            assertThat(directory.survivors()).isEmpty();
        }
        assertThat(pids)
                .noneMatch(pid ->
                        ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .containsSubsequence("2 stores stopped", "1 coordinator stopped");
    }

    @Test
    void whatCannotStartEndsWithItsLastWords() throws Exception {
        DevOptions options = options();
        try (DataDirectory directory = DataDirectory.open(root)) {
            Supervisor supervisor = new Supervisor(options, ProcessPlan.of(options, programs("die")), directory, out);
            assertThatThrownBy(() -> supervisor.run(() -> {}))
                    .isInstanceOfSatisfying(
                            CliException.class, e -> assertThat(e.exit()).isEqualTo(ExitCode.REFUSED));
            supervisor.stop();
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("exit code 7", "cannot go on: the reason");
    }

    @Test
    void theGuardStopsTheChildrenOfAProcessThatIsKilled() throws Exception {
        Process orphan = new ProcessBuilder("sleep", "600").start();
        Process parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Path.of("target/test-classes").toAbsolutePath()
                                + java.io.File.pathSeparator
                                + Path.of("target/classes").toAbsolutePath(),
                        GuardedParent.class.getName(),
                        Long.toString(orphan.pid()))
                .start();
        assertThat(parent.getInputStream().read()).isEqualTo('!');
        parent.destroyForcibly();
        assertThat(orphan.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTakenPortIsNamedWithItsOwnerAndAFreeOffset() throws IOException {
        DevOptions options = options();
        int port = options.ports().of(Kind.STORE, 1).http();
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.isBound()).isTrue();
            assertThatThrownBy(() -> PortCheck.requireFree(options))
                    .isInstanceOf(CliException.class)
                    .hasMessageContaining("port " + port)
                    .hasMessageContaining("--port-offset");
        }
        PortCheck.requireFree(options);
    }

    @Test
    void twoRunsCannotShareADirectoryAndFreshDeletesOnlyOurs() throws IOException {
        Files.createDirectories(root.resolve("store-0/db"));
        Files.writeString(root.resolve("store-0/db/file"), "x");
        Files.writeString(root.resolve("notes.txt"), "mine");
        try (DataDirectory directory = DataDirectory.open(root)) {
            assertThatThrownBy(() -> DataDirectory.open(root))
                    .hasMessageContaining("pid " + ProcessHandle.current().pid());
            assertThat(directory.layout()).isEmpty();
            directory.write(new DevLayout(3, 3, 6));
            assertThat(directory.layout()).contains(new DevLayout(3, 3, 6));
            directory.deleteData();
            assertThat(directory.layout()).isEmpty();
        }
        assertThat(root.resolve("store-0")).doesNotExist();
        assertThat(root.resolve("notes.txt")).exists();
    }

    private static void run(Supervisor supervisor, CountDownLatch ready) {
        try {
            supervisor.run(ready::countDown);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private long pid(String name) throws IOException {
        return Long.parseLong(
                Files.readString(root.resolve("run/" + name + ".pid")).split(" ", 2)[0]);
    }
}
