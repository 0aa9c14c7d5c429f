package dev.ashlar.cli.dev;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Who listens on a port, as far as this user may know: Linux tells by {@code /proc}, other systems by {@code lsof}. An
 * answer is a kindness, so every failure is an empty one.
 */
public final class PortOwner {
    private static final int LISTEN = 0x0A;
    private static final long LSOF_SECONDS_MAX = 2;

    private PortOwner() {}

    /** For example {@code java, pid 4711}. */
    public static Optional<String> find(int port) {
        try {
            return (Files.isReadable(Path.of("/proc/net/tcp")) ? byProc(port) : byLsof(port)).map(PortOwner::describe);
        } catch (IOException | RuntimeException notToBeKnown) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static String describe(long pid) {
        String command = ProcessHandle.of(pid)
                .flatMap(p -> p.info().command())
                .map(c -> Path.of(c).getFileName().toString())
                .orElse("a process");
        return command + ", pid " + pid;
    }

    private static Optional<Long> byProc(int port) throws IOException {
        Set<String> sockets = new HashSet<>();
        for (String table : new String[] {"/proc/net/tcp", "/proc/net/tcp6"}) {
            if (Files.isReadable(Path.of(table))) {
                for (String line : Files.readAllLines(Path.of(table))) {
                    inode(line, port).ifPresent(inode -> sockets.add("socket:[" + inode + "]"));
                }
            }
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (holds(process.resolve("fd"), sockets)) {
                    return Optional.of(Long.parseLong(process.getFileName().toString()));
                }
            }
        }
        return Optional.empty();
    }

    /** The inode of a line of /proc/net/tcp when it listens on the port: columns are sl, local, remote, state, …, inode. */
    static Optional<String> inode(String line, int port) {
        String[] columns = line.strip().split("\\s+", -1);
        boolean listens = columns.length > 9
                && columns[1].endsWith(String.format(Locale.ROOT, ":%04X", port))
                && columns[3].matches("[0-9A-F]{2}")
                && Integer.parseInt(columns[3], 16) == LISTEN;
        return listens ? Optional.of(columns[9]) : Optional.empty();
    }

    private static boolean holds(Path descriptors, Set<String> sockets) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(descriptors)) {
            for (Path descriptor : open) {
                if (sockets.contains(Files.readSymbolicLink(descriptor).toString())) {
                    return true;
                }
            }
        } catch (IOException | RuntimeException anothersOrGone) {
            return false;
        }
        return false;
    }

    private static Optional<Long> byLsof(int port) throws IOException, InterruptedException {
        Process lsof = new ProcessBuilder("lsof", "-nP", "-iTCP:" + port, "-sTCP:LISTEN", "-Fp")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!lsof.waitFor(LSOF_SECONDS_MAX, TimeUnit.SECONDS)) {
            lsof.destroyForcibly();
            return Optional.empty();
        }
        return new String(lsof.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.matches("p\\d{1,18}"))
                .map(line -> Long.parseLong(line.substring(1)))
                .findFirst();
    }
}
