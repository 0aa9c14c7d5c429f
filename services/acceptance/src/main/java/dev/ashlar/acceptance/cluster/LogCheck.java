package dev.ashlar.acceptance.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Looks through logs for what no run may bring about, whatever was broken: classes, methods or libraries that are not in
 * the program (the mark of missing metadata in a native executable), and the end of the memory.
 */
final class LogCheck {
    private static final List<String> FORBIDDEN = List.of(
            "MissingReflectionRegistration",
            "MissingJNIRegistration",
            "MissingResourceRegistration",
            "MissingForeignRegistration",
            "UnsupportedFeatureError",
            "UnsatisfiedLinkError",
            "NoClassDefFoundError",
            "ClassNotFoundException",
            "NoSuchMethod",
            "NoSuchField",
            "ExceptionInInitializerError",
            "InvalidDefinitionException",
            "OutOfMemoryError",
            "SubstrateSegfaultHandler",
            "A fatal error has been detected");
    private static final int SHOWN_MAX = 20;

    private LogCheck() {}

    /** Throws with the lines that it found, at most {@value #SHOWN_MAX}. A log that does not exist is empty. */
    static void check(List<Path> logs) {
        List<String> found = logs.stream()
                .flatMap(log -> forbidden(log).stream())
                .limit(SHOWN_MAX)
                .toList();
        if (!found.isEmpty()) {
            throw new AssertionError("a log has what no run may bring about:\n" + String.join("\n", found));
        }
    }

    private static List<String> forbidden(Path log) {
        if (!Files.exists(log)) {
            return List.of();
        }
        // A process that was killed may leave half a character.
        try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> FORBIDDEN.stream().anyMatch(line::contains))
                    .map(line -> log.getFileName() + ": " + line)
                    .limit(SHOWN_MAX)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
