package dev.ashlar.raft.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a log, in this order, since the engine acts on what it is told:
 *
 * <ol>
 *   <li>Recover. Nothing is written to the log when that refuses.
 *   <li>Write the last batch once more and sync it: what the page cache shows is not on the disk when a sync failed
 *       before the process ended.
 *   <li>Begin a new batch, and sync its BEGIN alone before anything else of it: so the number after a gap is known
 *       when its batch tears (see {@link Recovery}).
 *   <li>Delete what lies behind the tail.
 * </ol>
 */
final class LogOpening {
    private static final Logger LOG = LoggerFactory.getLogger(LogOpening.class);

    private final LogOptions options;
    private final Disk disk;
    private final SegmentFiles files;
    private final SegmentSupply supply;

    LogOpening(Path dir, LogOptions options, Disk disk) throws IOException {
        this.options = options;
        this.disk = disk;
        Files.createDirectories(dir);
        files = new SegmentFiles(dir, disk);
        supply = new SegmentSupply(files, options, disk);
    }

    SharedLog run() throws IOException {
        List<Segment> segments = files.openAll();
        try (Recovery recovery = new Recovery(segments)) {
            recovery.run();
            Map<Integer, StoredGroup> stored = segments.isEmpty()
                    ? new LinkedHashMap<>()
                    : recovery.replay().stored(segments.getFirst());
            Segment spare = dropUnused(recovery, segments);
            Map<Integer, GroupLog> groups = recovery.replay().live();
            Recovery.Tail tail = recovery.tail();
            if (tail != null) {
                rewriteLastBatch(tail);
            }
            LogWriter writer = new LogWriter(disk, supply, groups, recovery.used());
            boolean spareUsed = begin(writer, recovery, spare);
            supply.start(spareUsed ? null : spare, writer.segmentNumber() + 1);
            LOG.info(
                    "Opened the write-ahead log in {}: {} groups, {} segments",
                    files.dir,
                    groups.size(),
                    writer.segments());
            return SharedLog.assemble(options, files, supply, writer, groups, stored);
        } catch (IOException | RuntimeException e) {
            for (Segment segment : segments) {
                segment.close();
            }
            throw e;
        }
    }

    /** True when that took the spare segment. */
    private boolean begin(LogWriter writer, Recovery recovery, Segment spare) throws IOException {
        Recovery.Tail tail = recovery.tail();
        long batch = recovery.newestBatch() + 1;
        if (tail != null && writer.begin(tail.segment(), tail.offset(), batch, tail.offset(), false)) {
            return false;
        }
        Segment segment = spare != null ? spare : create(recovery.nextNumber());
        int endBefore = tail == null ? 0 : tail.offset();
        if (!writer.begin(segment, SegmentFiles.HEADER_BYTES, batch, endBefore, true)) {
            throw new IOException(
                    "log segments of " + segment.size + " bytes are too small for the groups in " + files.dir);
        }
        return spare != null;
    }

    private Segment create(long number) throws IOException {
        long least = options.minFreeBytes() + options.segmentBytes();
        if (disk.usableBytes(files.dir) < least) {
            throw new LogFullException("the write-ahead log in " + files.dir + " needs a new segment, and less than "
                    + least + " bytes are free on its disk");
        }
        return files.create(number, (int) options.segmentBytes());
    }

    private Segment dropUnused(Recovery recovery, List<Segment> segments) throws IOException {
        Segment spare = recovery.spare();
        for (Segment segment : segments.reversed()) {
            if (segment != spare && !recovery.used().contains(segment)) {
                files.delete(files.retire(segment), segment.size);
            }
        }
        if (spare != null && spare.size != options.segmentBytes()) {
            files.delete(files.retire(spare), spare.size);
            return null;
        }
        return spare;
    }

    private void rewriteLastBatch(Recovery.Tail tail) throws IOException {
        Segment segment = tail.segment();
        ByteBuffer bytes = ByteBuffer.allocateDirect(tail.offset() - tail.lastBatch());
        while (bytes.hasRemaining() && segment.channel.read(bytes, tail.lastBatch() + (long) bytes.position()) >= 0) {}
        disk.write(segment.file, segment.channel, bytes.flip(), tail.lastBatch());
        disk.force(segment.file, segment.channel, false);
    }
}
