package dev.ashlar.raft.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import dev.ashlar.raft.SnapshotFiles;

/** A RocksDB checkpoint: hard links to table files, and small files of its own. */
record CheckpointFiles(long index, Path directory) implements SnapshotFiles {
    @Override
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    // Opening it to read its index left these; they say nothing about the state.
                    .filter(name -> !name.startsWith("LOG") && !name.equals("LOCK"))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public void close() throws IOException {
        StateDirectory.deleteTree(directory);
    }
}
