package dev.ashlar.raft.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a database lives, and how it is replaced by a received one so that a crash at any moment leaves one whole state.
 *
 * <ol>
 *   <li>{@link #stage}: sync the received files, rename their directory to {@code NAME.incoming}. From here on
 *       incoming is whole whenever it stands without a live directory beside it.
 *   <li>{@link #retire}: rename the live directory to {@code NAME.old}. A crash here: {@link #recover} goes forward.
 *   <li>{@link #promote}: rename incoming to live. A crash here: {@link #recover} removes the old one.
 *   <li>{@link #removeOld}.
 * </ol>
 *
 * <p>Before {@code retire} the old state counts, and {@code recover} removes what was staged. The parent directory is
 * synced after every rename. Everything else this replica keeps (its snapshots) is below {@code snapshots-NAME}.
 */
final class StateDirectory {
    private final Path live;
    private final Path incoming;
    private final Path old;
    private final Path snapshots;

    StateDirectory(Path live) {
        this.live = live.toAbsolutePath().normalize();
        String name = this.live.getFileName().toString();
        incoming = this.live.resolveSibling(name + ".incoming");
        old = this.live.resolveSibling(name + ".old");
        snapshots = this.live.resolveSibling("snapshots-" + name);
    }

    Path live() {
        return live;
    }

    /** Brings back one whole state after a crash, and removes every remainder. To be called before the database opens. */
    void recover() throws IOException {
        Files.createDirectories(live.getParent());
        if (!Files.exists(live)) {
            if (Files.exists(incoming)) {
                rename(incoming, live);
            } else if (Files.exists(old)) {
                rename(old, live);
            }
        }
        deleteTree(incoming);
        deleteTree(old);
        deleteTree(snapshots);
    }

    void stage(Path received) throws IOException {
        deleteTree(incoming);
        deleteTree(old);
        try (Stream<Path> files = Files.list(received)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                sync(file);
            }
        }
        sync(received);
        rename(received, incoming);
    }

    void retire() throws IOException {
        rename(live, old);
    }

    void promote() throws IOException {
        rename(incoming, live);
    }

    void removeOld() throws IOException {
        deleteTree(old);
    }

    /** A path for a new snapshot, below an existing directory. */
    Path newSnapshot(long number) throws IOException {
        Files.createDirectories(snapshots);
        return snapshots.resolve(Long.toString(number));
    }

    /** Removes the state and all that belongs to it. */
    void delete() throws IOException {
        for (Path path : List.of(incoming, old, snapshots, live)) {
            deleteTree(path);
        }
        if (Files.exists(live.getParent())) {
            sync(live.getParent());
        }
    }

    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync(to.getParent());
        if (!to.getParent().equals(from.toAbsolutePath().normalize().getParent())) {
            sync(from.toAbsolutePath().getParent());
        }
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
