package dev.ashlar.acceptance.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a service is started: a JVM with the built jar, or with {@code -Dashlar.acceptance.native=true} its native
 * executable. What is asked for and not built is an error, never the other kind instead.
 */
final class ServiceCommand {
    /** The system property that asks for native executables. */
    static final String NATIVE = "ashlar.acceptance.native";

    private static final List<String> JVM_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.lang=ALL-UNNAMED");

    private ServiceCommand() {}

    /** The command line of {@code store} or {@code coordinator}, with the same heap limit in both kinds. */
    static List<String> of(String service) {
        String heap = service.equals("store") ? "-Xmx256m" : "-Xmx128m";
        if (Boolean.getBoolean(NATIVE)) {
            return List.of(RepositoryHome.executable(service).toString(), heap, "-XX:+ExitOnOutOfMemoryError");
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add(heap);
        command.addAll(JVM_FLAGS);
        command.addAll(List.of("-jar", RepositoryHome.jar(service).toString()));
        return command;
    }
}
