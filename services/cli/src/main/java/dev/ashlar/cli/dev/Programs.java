package dev.ashlar.cli.dev;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.cli.Terminal;

/**
 * The command line of each service, without arguments: a JVM with the built jar, or a native executable.
 *
 * <p>The JVM flags make six processes fit a laptop: small heaps, the serial collector (no threads that wake up while
 * nothing happens), and native access for RocksDB without a warning. Coordinators do little, again and again: the first
 * compiler is enough for them, and compiling twice is most of what they would do in their first minutes. Classes take 40 MiB,
 * which would cost two full collections while a process starts. What a store holds is in use for two collections of its young
 * generation: unless the survivors may fill their space, half of it is copied to the old generation to die there.
 * {@code ASHLAR_DEV_JAVA_OPTS} comes last and wins.
 */
public final class Programs {
    private static final String STORE_HEAP = "-Xmx256m";
    private static final String COORDINATOR_HEAP = "-Xmx128m";
    private static final String ROCKSDB = "librocksdbjni-linux64.so";
    private static final List<String> JVM_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:MetaspaceSize=64m",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.lang=ALL-UNNAMED");
    private static final List<String> STORE_FLAGS = List.of("-XX:TargetSurvivorRatio=90");
    private static final List<String> COORDINATOR_FLAGS = List.of("-XX:TieredStopAtLevel=1");

    private Programs() {}

    /**
     * A JVM with the built jar for each service.
     *
     * @param home the root of the repository
     * @param java the java executable for the children
     * @param extraOptions more JVM options, separated by spaces
     */
    public static Map<Kind, List<String>> jars(Path home, Path java, String extraOptions) {
        return Map.of(
                Kind.STORE, jvm(home, java, Kind.STORE, STORE_HEAP, extraOptions),
                Kind.COORDINATOR, jvm(home, java, Kind.COORDINATOR, COORDINATOR_HEAP, extraOptions));
    }

    /**
     * The root of the repository: the property {@code ashlar.home} (bin/ashlar sets it), else the working directory.
     */
    public static Path home() {
        return Path.of(System.getProperty("ashlar.home", "")).toAbsolutePath();
    }

    /** The java of this process; that of JAVA_HOME when it is a native executable. */
    public static Path java(Terminal terminal) {
        String home = System.getProperty("java.home", "");
        if (home.isEmpty()) {
            home = terminal.variable("JAVA_HOME", "");
        }
        if (home.isEmpty()) {
            throw new CliException(
                    ExitCode.REFUSED,
                    "a native ashlar needs JAVA_HOME to run jars, or --native to run native executables");
        }
        return Path.of(home, "bin", "java");
    }

    private static List<String> jvm(Path home, Path java, Kind kind, String heap, String extraOptions) {
        Path jar = home.resolve("services/" + kind.word() + "/target/quarkus-app/quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw new CliException(ExitCode.REFUSED, jar + " is not there yet. Run `make build` first.");
        }
        List<String> command = new ArrayList<>(List.of(java.toString(), heap));
        command.addAll(JVM_FLAGS);
        command.addAll(kind == Kind.STORE ? STORE_FLAGS : COORDINATOR_FLAGS);
        for (String option : extraOptions.strip().split("\\s+", -1)) {
            if (!option.isEmpty()) {
                command.add(option);
            }
        }
        command.addAll(List.of("-jar", jar.toString()));
        return List.copyOf(command);
    }

    /** The native executables that a native build has left below {@code target}, with the heaps of the JVMs. */
    public static Map<Kind, List<String>> nativeExecutables(Path home) {
        return Map.of(
                Kind.STORE, List.of(runner(home, Kind.STORE), STORE_HEAP),
                Kind.COORDINATOR, List.of(runner(home, Kind.COORDINATOR), COORDINATOR_HEAP));
    }

    private static String runner(Path home, Kind kind) {
        Path target = home.resolve("services/" + kind.word() + "/target");
        try (DirectoryStream<Path> runners = Files.newDirectoryStream(target, "*-runner")) {
            for (Path runner : runners) {
                if (Files.isExecutable(runner) && Files.isRegularFile(target.resolve(ROCKSDB))) {
                    return runner.toString();
                }
            }
        } catch (IOException noTarget) {
            // Told below.
        }
        throw new CliException(
                ExitCode.REFUSED,
                "there is no native executable " + target + "/*-runner with " + ROCKSDB
                        + " beside it. Run `make native-build` first, or leave out --native.");
    }
}
