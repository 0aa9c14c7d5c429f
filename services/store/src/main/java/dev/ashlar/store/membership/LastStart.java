package dev.ashlar.store.membership;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;

/**
 * The file {@code incarnation} in the data directory: what a coordinator has given to the last process on this disk. With it
 * a store can start while no coordinator answers (S5):
 *
 * <ol>
 *   <li>It is worth something only where it was written: a copy of the directory has another mark, and has to ask a
 *       coordinator. On the disk itself the lock of the directory says that the process it was given to is gone.
 *   <li>It is used as it is, never raised: a process of this name that has registered since, on another disk, is newer for
 *       every peer.
 *   <li>A process that was fenced takes the file away.
 * </ol>
 *
 * <p>Written beside and renamed, so that it is always whole. One thread.
 */
final class LastStart {
    private final Path path;
    private final String mark;

    /** @param mark of the directory now; empty when it cannot be told, and then nothing is remembered */
    LastStart(Path dataDir, String mark) {
        this.path = dataDir.resolve("incarnation");
        this.mark = mark;
    }

    /** What was given to the last process on this disk; empty when there was none, or the disk is another. */
    OptionalLong incarnation() {
        try {
            List<String> lines =
                    Files.readString(path, StandardCharsets.ISO_8859_1).lines().toList();
            boolean here = lines.size() == 2 && !mark.isEmpty() && lines.get(1).equals(mark);
            return here && lines.getFirst().matches("[1-9][0-9]{0,17}")
                    ? OptionalLong.of(Long.parseLong(lines.getFirst()))
                    : OptionalLong.empty();
        } catch (IOException noneOrUnreadable) {
            return OptionalLong.empty();
        }
    }

    void remember(long incarnation) throws IOException {
        if (mark.isEmpty()) {
            return;
        }
        Path written = path.resolveSibling("incarnation.new");
        try (FileChannel out = FileChannel.open(
                written, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer text = ByteBuffer.wrap((incarnation + "\n" + mark + "\n").getBytes(StandardCharsets.UTF_8));
            while (text.hasRemaining()) {
                out.write(text);
            }
            out.force(true);
        }
        Files.move(written, path, StandardCopyOption.ATOMIC_MOVE);
    }

    /** From now on a process on this disk has to ask a coordinator. */
    void forget() throws IOException {
        Files.deleteIfExists(path);
        try (FileChannel directory = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}
