package dev.ashlar.raft.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.ashlar.raft.LogEntry;

/** A directory and the resources of a process. */
final class StateFixture implements AutoCloseable {
    final Path root;
    final RocksResources resources;

    StateFixture() throws IOException {
        this(Files.createTempDirectory("state"));
    }

    StateFixture(Path root) {
        this.root = root;
        resources = new RocksResources(RocksResources.Budget.of(8 << 20, 8 << 20));
    }

    Register open(String name) throws IOException {
        return new Register(resources, root.resolve(name));
    }

    static LogEntry entry(long index, String... commands) {
        return new LogEntry(index, Stream.of(commands).map(Register::bytes).toList(), List.of());
    }

    static void turn(Register register, long index, String... commands) throws IOException {
        register.apply(entry(index, commands));
        register.endOfTurn();
    }

    /** What a disk holds after kill -9: the files as they are, none of the memory. */
    static void copyAsAfterCrash(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                if (!file.getFileName().toString().equals("LOCK")) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }
    }

    @Override
    public void close() throws IOException {
        resources.close();
        StateDirectory.deleteTree(root);
    }
}
