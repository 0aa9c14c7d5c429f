package dev.ashlar.raft.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/** What the log asks of the file system. Tests put faults, full disks and power cuts here. */
class Disk {
    /** Bytes that may still be written to the file system of a directory. */
    long usableBytes(Path dir) throws IOException {
        return Files.getFileStore(dir).getUsableSpace();
    }

    void write(Path file, FileChannel channel, ByteBuffer bytes, long at) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += channel.write(bytes, position);
        }
    }

    /** Makes what was written durable; with {@code metadata} the size of the file too. */
    void force(Path file, FileChannel channel, boolean metadata) throws IOException {
        channel.force(metadata);
    }

    /** Makes creations, renames and deletions in a directory durable. */
    void forceDirectory(Path dir) throws IOException {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Whether a failure means that there is no room; Java has no type for it. */
    static boolean noSpace(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded");
    }
}
