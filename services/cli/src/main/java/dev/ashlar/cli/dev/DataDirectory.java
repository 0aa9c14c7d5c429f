package dev.ashlar.cli.dev;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.client.http.Json;

/**
 * The directory of one {@code ashlar dev}: data of each process, logs, {@code layout.json}, and {@code run/} with a file
 * per running process. Held by a lock, so that two of them cannot run on the same data.
 */
public final class DataDirectory implements Closeable {
    private static final Pattern PROCESS = Pattern.compile("(store|coordinator)-\\d+");

    private final Path root;
    private final FileChannel lockFile;

    private DataDirectory(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** Opens and locks it. The lock ends with this process, however it ends. */
    @SuppressWarnings("resource")
    public static DataDirectory open(Path root) throws IOException {
        Files.createDirectories(root.resolve("logs"));
        Files.createDirectories(root.resolve("run"));
        Path file = root.resolve("run/dev.lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                Files.writeString(
                        root.resolve("run/dev.pid"),
                        Long.toString(ProcessHandle.current().pid()));
                return new DataDirectory(root, channel);
            }
        } catch (OverlappingFileLockException sameProcess) {
            // Told below.
        }
        channel.close();
        throw new CliException(
                ExitCode.REFUSED,
                "another `ashlar dev` (pid " + read(root.resolve("run/dev.pid")).orElse("unknown") + ") runs on " + root
                        + ". Stop it, or use other data and ports: --data DIR --port-offset N.");
    }

    /** The layout that the data was made with; none when there is no data. */
    public Optional<DevLayout> layout() throws IOException {
        Path file = root.resolve("layout.json");
        return Files.exists(file)
                ? Optional.of(Json.read(Files.readAllBytes(file), DevLayout.class))
                : Optional.empty();
    }

    public void write(DevLayout layout) throws IOException {
        Files.writeString(root.resolve("layout.json"), Json.line(layout) + "\n");
    }

    /** Deletes the data of all processes, and nothing that this class did not name itself. */
    public void deleteData() throws IOException {
        Files.deleteIfExists(root.resolve("layout.json"));
        try (Stream<Path> children = Files.list(root)) {
            for (Path child : children.toList()) {
                if (PROCESS.matcher(child.getFileName().toString()).matches() && !Files.isSymbolicLink(child)) {
                    deleteTree(child);
                }
            }
        }
    }

    private static void deleteTree(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    /** Notes a running process, by pid and start time, so that a later run knows it again. */
    public void started(String name, ProcessHandle process) throws IOException {
        Files.writeString(root.resolve("run").resolve(name + ".pid"), identity(process), StandardCharsets.UTF_8);
    }

    public void ended(String name) throws IOException {
        Files.deleteIfExists(root.resolve("run").resolve(name + ".pid"));
    }

    /** A process of an earlier run that still lives. */
    public record Survivor(String name, ProcessHandle process) {}

    /** Processes of an earlier run that still live: its {@code ashlar dev} was killed. */
    public List<Survivor> survivors() throws IOException {
        List<Survivor> alive = new ArrayList<>();
        try (Stream<Path> files = Files.list(root.resolve("run"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replaceFirst("\\.pid$", "");
                if (PROCESS.matcher(name).matches()) {
                    read(file).flatMap(DataDirectory::find).ifPresent(p -> alive.add(new Survivor(name, p)));
                }
            }
        }
        return alive;
    }

    private static Optional<ProcessHandle> find(String identity) {
        String pid = identity.split(" ", 2)[0];
        return pid.matches("\\d{1,18}")
                ? ProcessHandle.of(Long.parseLong(pid))
                        .filter(p -> p.isAlive() && identity(p).equals(identity))
                : Optional.empty();
    }

    private static String identity(ProcessHandle process) {
        return process.pid() + " "
                + process.info().startInstant().map(Object::toString).orElse("");
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException missing) {
            return Optional.empty();
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(root.resolve("run/dev.pid"));
        lockFile.close();
    }
}
