package dev.ashlar.bench.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a figure depends on and a reader must know. */
public final class Machine {
    private Machine() {}

    /** Cores, memory, kernel, file system below {@code dir}, Java, in one sentence. */
    public static String facts(Path dir) {
        Runtime runtime = Runtime.getRuntime();
        return "%d cores, %s MiB of memory, Linux %s, %s, Java %s"
                .formatted(
                        runtime.availableProcessors(),
                        memoryMib(),
                        System.getProperty("os.version"),
                        fileSystem(dir),
                        Runtime.version());
    }

    private static String memoryMib() {
        try {
            return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                    .filter(line -> line.startsWith("MemTotal:"))
                    .map(line -> Numbers.whole(Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024.0))
                    .findFirst()
                    .orElse("?");
        } catch (IOException e) {
            return "?";
        }
    }

    private static String fileSystem(Path dir) {
        try {
            return Files.getFileStore(dir).type();
        } catch (IOException e) {
            return "unknown file system";
        }
    }

    /** The first line that a command prints, or {@code unknown}. */
    public static String firstLineOf(Path dir, String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .directory(dir.toFile())
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? text.lines().findFirst().orElse("unknown") : "unknown";
        } catch (IOException e) {
            return "unknown";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "unknown";
        }
    }
}
