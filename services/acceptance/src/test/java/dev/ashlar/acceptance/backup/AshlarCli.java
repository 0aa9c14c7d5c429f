package dev.ashlar.acceptance.backup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.ashlar.acceptance.cluster.LocalCluster;

/** The command line as a user runs it. Blocks until it ends. */
public final class AshlarCli {
    /** What a command ended with; {@code output} is both of its streams. */
    public record Ran(int exit, String output) {}

    private AshlarCli() {}

    /** Runs it with {@code endpoint} as ASHLAR_ENDPOINT. */
    public static Ran run(String endpoint, Object... arguments) {
        Path home = LocalCluster.home();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dashlar.home=" + home,
                "-jar",
                home.resolve("services/cli/target/ashlar.jar").toString()));
        Stream.of(arguments).map(Object::toString).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("ASHLAR_ENDPOINT", endpoint);
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
