package dev.ashlar.raft.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * Creates, opens, recycles and deletes segment files.
 *
 * <p>A file gets its {@code .wal} name only when all of it is durable, so a segment with a bad header or a wrong size is damage and
 * never the trace of a crash. It loses that name, durably, before it is overwritten.
 *
 * <pre>header: 0 magic (8)  8 version (4)  12 size (4)  16 number (8)  24 salt (8)  32 checksum of 0–31 (4)  zeroes up to 64</pre>
 */
final class SegmentFiles {
    static final int HEADER_BYTES = 64;
    static final int FORMAT_VERSION = 1;

    private static final long MAGIC = 0x4153484c_5257414cL;
    private static final int CHECKSUM_AT = 32;
    private static final int CHUNK_BYTES = 1 << 20;
    /** Zeroes are synced this often, so that preparing a segment does not hold up the syncs of the log for long. */
    private static final int FORCE_EVERY_BYTES = 4 << 20;

    final Path dir;
    private final Disk disk;
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong bytes = new AtomicLong();

    SegmentFiles(Path dir, Disk disk) {
        this.dir = dir;
        this.disk = disk;
    }

    /** Size of all files that are there. */
    long bytes() {
        return bytes.get();
    }

    Path path(long number) {
        return dir.resolve("%016x.wal".formatted(number));
    }

    /** Opens all segments, in order of their numbers; removes files that never became one or are one no more. */
    List<Segment> openAll() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (name.endsWith(".tmp") || name.endsWith(".free")) {
                    Files.delete(file);
                } else if (name.endsWith(".wal")) {
                    found.add(file);
                }
            }
        }
        found.sort(null);
        List<Segment> segments = new ArrayList<>();
        try {
            for (Path file : found) {
                segments.add(open(file));
            }
        } catch (IOException e) {
            for (Segment segment : segments) {
                segment.close();
            }
            throw e;
        }
        return segments;
    }

    private Segment open(Path file) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            while (header.hasRemaining() && channel.read(header, header.position()) >= 0) {}
            if (header.hasRemaining() || header.getLong(0) != MAGIC) {
                throw LogCorruptException.at(file, 0, "this is not the header of a log segment");
            }
            // All versions share the layout of the header. A damaged version field fails the checksum.
            if (header.getInt(CHECKSUM_AT) != checksum(header)) {
                throw LogCorruptException.at(file, 0, "the header does not match its checksum");
            }
            if (header.getInt(8) > FORMAT_VERSION) {
                throw new LogFormatException(file, header.getInt(8), FORMAT_VERSION);
            }
            int size = header.getInt(12);
            long number = header.getLong(16);
            if (!file.equals(path(number))) {
                throw LogCorruptException.at(file, 0, "the file holds segment " + number + " and must not be renamed");
            }
            if (channel.size() != size) {
                throw LogCorruptException.at(
                        file,
                        Math.min(size, channel.size()),
                        "the file has " + channel.size() + " bytes instead of " + size);
            }
            bytes.addAndGet(size);
            return new Segment(file, number, size, seed(number, header.getLong(24)), channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** A new segment, full of zeroes that are really on the disk: a later fdatasync then has no metadata to write. */
    Segment create(long number, int size) throws IOException {
        Path tmp = dir.resolve("%016x.tmp".formatted(number));
        bytes.addAndGet(size);
        try (FileChannel channel = FileChannel.open(
                tmp,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            ByteBuffer zeroes = ByteBuffer.allocateDirect(Math.min(CHUNK_BYTES, size));
            int unforced = 0;
            for (long at = 0; at < size; at += CHUNK_BYTES) {
                zeroes.clear().limit((int) Math.min(CHUNK_BYTES, size - at));
                unforced += zeroes.remaining();
                disk.write(tmp, channel, zeroes, at);
                if (unforced >= FORCE_EVERY_BYTES) {
                    disk.force(tmp, channel, false);
                    unforced = 0;
                }
            }
            return publish(tmp, channel, number, size);
        } catch (IOException e) {
            bytes.addAndGet(-size);
            Files.deleteIfExists(tmp);
            throw e;
        }
    }

    /** Makes a segment out of a file that {@link #retire} returned. Its old bytes stay: the new seed makes them void. */
    Segment recycle(Path free, long number, int size) throws IOException {
        try (FileChannel channel = FileChannel.open(free, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return publish(free, channel, number, size);
        }
    }

    private Segment publish(Path from, FileChannel channel, long number, int size) throws IOException {
        long salt = random.nextLong();
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES)
                .putLong(0, MAGIC)
                .putInt(8, FORMAT_VERSION)
                .putInt(12, size)
                .putLong(16, number)
                .putLong(24, salt);
        header.putInt(CHECKSUM_AT, checksum(header));
        disk.write(from, channel, header, 0);
        disk.force(from, channel, true);
        Path file = path(number);
        Files.move(from, file, StandardCopyOption.ATOMIC_MOVE);
        disk.forceDirectory(dir);
        return new Segment(
                file,
                number,
                size,
                seed(number, salt),
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    /** Closes a segment and takes its name away. Durable, so that the log never has a hole. */
    Path retire(Segment segment) throws IOException {
        segment.close();
        Path free = dir.resolve("%016x.free".formatted(segment.number));
        Files.move(segment.file, free, StandardCopyOption.ATOMIC_MOVE);
        disk.forceDirectory(dir);
        return free;
    }

    void delete(Path free, int size) throws IOException {
        Files.delete(free);
        bytes.addAndGet(-size);
    }

    private static byte[] seed(long number, long salt) {
        return ByteBuffer.allocate(16).putLong(number).putLong(salt).array();
    }

    private static int checksum(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.duplicate().clear().limit(CHECKSUM_AT));
        return (int) crc.getValue();
    }
}
