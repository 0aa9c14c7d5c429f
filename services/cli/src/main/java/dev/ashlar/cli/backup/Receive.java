package dev.ashlar.cli.backup;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

import dev.ashlar.common.backup.BackupItem;
import dev.ashlar.common.backup.BackupReader;

/**
 * Receives a backup into a file: checks it as it comes, and gives it its name only when it is whole and on the disk. What was
 * interrupted leaves no file.
 */
public final class Receive {
    private static final int BUFFER_BYTES = 1 << 20;

    private Receive() {}

    /** Gives the reader, which has read all of it. */
    public static BackupReader into(Path file, InputStream from, Progress progress) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            BackupReader reader;
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), BUFFER_BYTES)) {
                reader = readAll(new BufferedInputStream(new Copying(from, out), BUFFER_BYTES), progress);
            }
            try (FileChannel synced = FileChannel.open(part, StandardOpenOption.WRITE)) {
                synced.force(true);
            }
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return reader;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Reads a backup to its end; fails unless it is whole. */
    public static BackupReader check(InputStream from, Progress progress) throws IOException {
        return readAll(new BufferedInputStream(from, BUFFER_BYTES), progress);
    }

    private static BackupReader readAll(InputStream from, Progress progress) throws IOException {
        BackupReader reader = new BackupReader(from);
        for (List<BackupItem> items = reader.next(); !items.isEmpty(); items = reader.next()) {
            progress.add(
                    items.size(),
                    items.stream().mapToLong(BackupItem::payloadBytes).sum(),
                    "shard " + reader.shards().size() + " of " + reader.header().shards());
        }
        progress.done();
        return reader;
    }

    /** Writes down what is read. */
    private static final class Copying extends FilterInputStream {
        private final OutputStream copy;

        Copying(InputStream in, OutputStream copy) {
            super(in);
            this.copy = copy;
        }

        @Override
        public int read() throws IOException {
            int one = in.read();
            if (one >= 0) {
                copy.write(one);
            }
            return one;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int count = in.read(into, offset, length);
            if (count > 0) {
                copy.write(into, offset, count);
            }
            return count;
        }
    }
}
