package dev.ashlar.cli.dev;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The output file of a process: its last lines for a message, and a bound on what earlier runs leave behind. */
final class LogTail {
    private static final int TAIL_BYTES_MAX = 8 << 10;
    private static final long KEPT_BYTES_MAX = 16L << 20;

    private LogTail() {}

    /** The last lines that are not empty; none when the file cannot be read. */
    static List<String> of(Path log, int lines) {
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            int length = (int) Math.min(TAIL_BYTES_MAX, file.length());
            byte[] tail = new byte[length];
            file.seek(file.length() - length);
            file.readFully(tail);
            List<String> all = new String(tail, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
            return all.subList(Math.max(0, all.size() - lines), all.size());
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** Before a start: a file that has grown large becomes {@code .1}, in place of an older one. */
    static void rotate(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > KEPT_BYTES_MAX) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
