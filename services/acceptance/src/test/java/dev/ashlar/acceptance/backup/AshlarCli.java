package dev.ashlar.acceptance.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;

/** The command line as a user runs it: its jar, or its native executable where those are tested. Blocks until it ends. */
public final class AshlarCli {
    /** What a command ended with; {@code output} is both of its streams. */
    public record Ran(int exit, String output) {}

    private AshlarCli() {}

    /** Runs it with {@code endpoint} as ASHLAR_ENDPOINT. */
    public static Ran run(String endpoint, Object... arguments) {
        return run(Map.of("ASHLAR_ENDPOINT", endpoint), arguments);
    }

    /** Runs a command of a person who looks after the cluster: it asks the coordinators. */
    public static Ran run(LocalCluster cluster, Object... arguments) {
        return run(
                Map.of(
                        "ASHLAR_ENDPOINT", urls(cluster.stores()),
                        "ASHLAR_COORDINATOR", urls(cluster.coordinators())),
                arguments);
    }

    private static String urls(List<ServerProcess> processes) {
        return String.join(
                ",", processes.stream().map(process -> process.ports().url()).toList());
    }

    private static Ran run(Map<String, String> environment, Object... arguments) {
        Path home = LocalCluster.home();
        String java = System.getProperty("java.home");
        List<String> command = new ArrayList<>(
                Boolean.getBoolean("ashlar.acceptance.native")
                        ? List.of(home.resolve("services/cli/target/ashlar").toString())
                        : List.of(
                                Path.of(java, "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-Dashlar.home=" + home,
                                "-jar",
                                home.resolve("services/cli/target/ashlar.jar").toString()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", java);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), output);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
