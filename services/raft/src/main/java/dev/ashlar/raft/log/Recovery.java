package dev.ashlar.raft.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a log from its oldest segment to its tail, and decides whether what it finds there is a torn write or damage.
 *
 * <ol>
 *   <li>Records are followed as long as they are whole and continue the batch, or begin a newer one that says that the log
 *       ended exactly here before it. A segment counts when its first batch is whole.
 *   <li>Where that ends is the tail. The batch that the tail is in, or after a whole batch the one that would come next, may have been
 *       in flight. A batch is written only when the one before it is durable, so a valid record of a batch beyond that one,
 *       anywhere behind the tail, proves that something durable is gone: damage, and the start is refused.
 *   <li>Otherwise nothing behind the tail was ever durable, hence never acknowledged: it is cut.
 * </ol>
 */
final class Recovery implements AutoCloseable {
    /** Where the log goes on. {@code lastBatch} is the offset of the BEGIN of the last batch. */
    record Tail(Segment segment, int offset, int lastBatch) {}

    private final List<Segment> segments;
    private final RecordFormat format = new RecordFormat();
    private final WholeRecords records = new WholeRecords();
    private final SegmentMemory memory;
    /** What is in {@link #memory}. */
    private Segment loaded;

    private final Replay replay = new Replay();
    private final List<Segment> used = new ArrayList<>();

    private Tail tail;
    private Segment spare;
    private long batch;
    private boolean ended = true;
    private long newestBatch;

    Recovery(List<Segment> segments) {
        this.segments = segments;
        int size = segments.stream().mapToInt(segment -> segment.size).max().orElse(8);
        memory = SegmentMemory.of(size);
    }

    void run() throws IOException {
        for (int i = 0; i < segments.size(); i++) {
            Segment segment = segments.get(i);
            if (i > 0 && segment.number != segments.get(i - 1).number + 1) {
                throw LogCorruptException.at(
                        segment.file, 0, "segment " + (segments.get(i - 1).number + 1) + " is missing before it");
            }
            if (!follow(segment)) {
                break;
            }
            used.add(segment);
        }
        searchBehindTail();
        if (tail == null && !segments.isEmpty() && segments.getFirst().number > 1) {
            throw LogCorruptException.at(
                    segments.getFirst().file,
                    SegmentFiles.HEADER_BYTES,
                    "no valid record here, but older segments were deleted, which happens only when this one is durable");
        }
    }

    /** Follows the records of a segment. False when it holds nothing that was ever durable. */
    private boolean follow(Segment segment) throws IOException {
        if (!beginsWithHeader(segment)) {
            return false;
        }
        ByteBuffer buffer = load(segment);
        List<Integer> first = new ArrayList<>();
        boolean firstWhole = false;
        long followed = batch;
        boolean over = ended;
        int lastBatch = 0;
        int at = SegmentFiles.HEADER_BYTES;
        int whole = records.find(buffer, at, segment.seed, memory.isShared());
        for (int i = 0; i < whole; i++) {
            long number = RecordFormat.batch(buffer, at);
            RecordKind kind = RecordFormat.kind(buffer, at);
            boolean start = at == SegmentFiles.HEADER_BYTES;
            if (kind == RecordKind.BEGIN) {
                if (number <= followed || !continues(RecordFormat.index(buffer, at), start, at)) {
                    break;
                }
                lastBatch = at;
            } else if (start || over || number != followed) {
                break;
            }
            followed = number;
            over = kind == RecordKind.END;
            if (firstWhole) {
                replay.apply(segment, buffer, at);
            } else {
                first.add(at);
                if (over) {
                    for (int record : first) {
                        replay.apply(segment, buffer, record);
                    }
                    firstWhole = true;
                }
            }
            at += (int) RecordFormat.size(RecordFormat.length(buffer, at));
        }
        newestBatch = Math.max(newestBatch, followed);
        if (!first.isEmpty()) {
            // Even when the segment is dropped: that its first batch began says that the one before is durable.
            batch = followed;
            ended = over;
        }
        if (firstWhole) {
            tail = new Tail(segment, at, lastBatch);
        }
        return firstWhole;
    }

    /** A segment that was only prepared is not read for that. */
    private boolean beginsWithHeader(Segment segment) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(RecordFormat.HEADER_BYTES);
        read(segment, header, SegmentFiles.HEADER_BYTES);
        return format.headerValid(header, 0, segment.seed);
    }

    private boolean continues(long endBefore, boolean start, int at) {
        return start ? tail == null || endBefore == tail.offset() : endBefore == at;
    }

    private void searchBehindTail() throws IOException {
        long inFlight = ended ? batch + 1 : batch;
        for (Segment segment : segments) {
            boolean isTail = tail != null && segment == tail.segment();
            if (!isTail && used.contains(segment)) {
                continue;
            }
            ByteBuffer buffer = load(segment);
            boolean unused = !isTail;
            int from = isTail ? tail.offset() : SegmentFiles.HEADER_BYTES;
            for (int at = RecordFormat.mayStart(buffer, from);
                    at <= segment.size - RecordFormat.HEADER_BYTES;
                    at = RecordFormat.mayStart(buffer, at + 8)) {
                if (!format.headerValid(buffer, at, segment.seed)) {
                    continue;
                }
                unused = false;
                long number = RecordFormat.batch(buffer, at);
                newestBatch = Math.max(newestBatch, number);
                if (number > inFlight) {
                    throw damage(segment, at, number);
                }
            }
            if (unused && spare == null && segment.number == nextNumber()) {
                spare = segment;
            }
        }
    }

    private LogCorruptException damage(Segment behind, int behindAt, long number) throws IOException {
        Segment segment = tail == null ? segments.getFirst() : tail.segment();
        int at = tail == null ? SegmentFiles.HEADER_BYTES : tail.offset();
        String what = "no valid record here, but batch " + number + " follows in " + behind.file.getFileName()
                + ", offset " + behindAt + ", so what was here was durable";
        ByteBuffer buffer = load(segment);
        return format.headerValid(buffer, at, segment.seed) && RecordFormat.kind(buffer, at) == RecordKind.ENTRY
                ? LogCorruptException.of(segment.file, at, RecordFormat.group(buffer, at), what)
                : LogCorruptException.at(segment.file, at, what);
    }

    private ByteBuffer load(Segment segment) throws IOException {
        ByteBuffer into = memory.buffer(segment.size);
        if (loaded != segment) {
            loaded = null;
            read(segment, into, 0);
            loaded = segment;
        }
        return into.rewind().slice();
    }

    private static void read(Segment segment, ByteBuffer into, int from) throws IOException {
        while (into.hasRemaining()) {
            int at = from + into.position();
            if (segment.channel.read(into, at) < 0) {
                throw LogCorruptException.at(segment.file, at, "the file ends here");
            }
        }
    }

    Replay replay() {
        return replay;
    }

    /** Segments that hold the log, oldest first. */
    List<Segment> used() {
        return used;
    }

    /** Null when there is no log yet. */
    Tail tail() {
        return tail;
    }

    /** A prepared segment after the tail that nothing was written to; null when there is none. */
    Segment spare() {
        return spare;
    }

    /** Number of the first segment that the log does not use yet. */
    long nextNumber() {
        if (tail != null) {
            return tail.segment().number + 1;
        }
        return segments.isEmpty() ? 1 : segments.getFirst().number;
    }

    /** The highest number that any record carries; the next batch gets a higher one. */
    long newestBatch() {
        return newestBatch;
    }

    @Override
    public void close() {
        memory.close();
    }
}
