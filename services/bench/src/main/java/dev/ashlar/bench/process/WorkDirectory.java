package dev.ashlar.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory that belongs to benchmarks: it carries a marker file, and only a directory with one is ever emptied. */
public final class WorkDirectory {
    private static final String MARKER = ".ashlar-bench";

    private WorkDirectory() {}

    /**
     * Returns {@code dir}, existing and empty but for the marker.
     *
     * @throws IOException when it holds files and no marker: then it is somebody else's
     */
    public static Path empty(Path dir) throws IOException {
        Files.createDirectories(dir);
        Path marker = dir.resolve(MARKER);
        try (Stream<Path> entries = Files.list(dir)) {
            if (entries.findAny().isPresent() && !Files.exists(marker)) {
                throw new IOException(dir + " holds files that no benchmark wrote; choose another --dir");
            }
        }
        delete(dir);
        Files.createDirectories(dir);
        Files.createFile(marker);
        return dir;
    }

    /** Deletes it with all that is in it. */
    public static void delete(Path dir) throws IOException {
        try (Stream<Path> tree = Files.walk(dir)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
