package dev.ashlar.raft.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;

/**
 * The end of the log: the batch that is being filled, those that are being written, and the segments behind them.
 *
 * <p>Sealing begins the next batch at once, right behind the sealed one. So the sync thread can write that BEGIN as soon as the sealed batch is
 * durable, without a sync of its own: it is the trace by which {@link Recovery} tells damage from a torn write.
 */
final class LogWriter {
    /** Buffers larger than this are not kept. */
    private static final int KEPT_BUFFER_BYTES = 8 << 20;

    private static final int KEPT_BUFFERS = 3;

    private final Object lock = new Object();
    private final Disk disk;
    private final SegmentSupply supply;
    private final Map<Integer, GroupLog> groups;
    private final ConcurrentSkipListMap<Long, Segment> segments = new ConcurrentSkipListMap<>();
    private final RecordFormat format = new RecordFormat();

    private final Deque<ByteBuffer> buffers = new ArrayDeque<>();
    /** Filled up by a change of segments, not handed over yet. */
    private final List<Batch> filled = new ArrayList<>();
    /** Handed over and not durable yet. */
    private final List<Batch> handedOver = new ArrayList<>();

    private Batch open;
    private long sealed;
    private long synced;
    private volatile Segment oldest;
    private volatile IOException failure;

    LogWriter(Disk disk, SegmentSupply supply, Map<Integer, GroupLog> groups, List<Segment> segments) {
        this.disk = disk;
        this.supply = supply;
        this.groups = groups;
        segments.forEach(segment -> this.segments.put(segment.number, segment));
    }

    Object lock() {
        return lock;
    }

    /** The oldest segment that is kept. */
    Segment oldest() {
        return oldest;
    }

    int segments() {
        return segments.size();
    }

    long segmentNumber() {
        return open.segment.number;
    }

    /** Begins the first batch, durably; a fresh segment also gets the states of all groups. False when it has no room. */
    boolean begin(Segment segment, int at, long batch, int endBefore, boolean fresh) throws IOException {
        if (at + 4L * RecordFormat.HEADER_BYTES > segment.size) {
            return false;
        }
        open = new Batch(segment, at, batch, endBefore, buffer(), format);
        if (fresh && !addStates()) {
            return false;
        }
        segments.put(segment.number, segment);
        oldest = segments.firstEntry().getValue();
        disk.write(segment.file, segment.channel, open.begin(), at);
        disk.force(segment.file, segment.channel, false);
        if (fresh) {
            sealNow().run();
        }
        return true;
    }

    /** Makes room for a record that is written whatever the state of the disk. */
    void reserveMeta(int payloadBytes) {
        checkUsable();
        long bytes = checkedSize(payloadBytes);
        if (open.fits(bytes)) {
            return;
        }
        try {
            if (!changeSegment()) {
                throw new LogFullException(
                        "the disk is full, and so is the room that the log keeps for terms and votes");
            }
        } catch (IOException e) {
            throw failed(e);
        }
        if (!open.fits(bytes)) {
            throw failed(
                    new IOException("log segments of " + open.segment.size + " bytes are too small for the groups"));
        }
    }

    /** Makes room for an entry. */
    void reserveEntry(int payloadBytes) throws LogFullException {
        checkUsable();
        long bytes = checkedSize(payloadBytes);
        if (supply.full()) {
            throw new LogFullException("the disk is full");
        }
        // The last part of a segment is for terms and votes until it is sure that there is a next one.
        if (open.fits(bytes + open.segment.size / 16) || (open.fits(bytes) && supply.ready())) {
            return;
        }
        try {
            if (!changeSegment()) {
                throw new LogFullException("the disk is full");
            }
        } catch (LogFullException e) {
            throw e;
        } catch (IOException e) {
            throw failed(e);
        }
        if (!open.fits(bytes)) {
            throw failed(
                    new IOException("log segments of " + open.segment.size + " bytes are too small for the groups"));
        }
    }

    private long checkedSize(int payloadBytes) {
        long bytes = RecordFormat.size(payloadBytes);
        if (bytes > open.segment.size / 2) {
            throw new IllegalArgumentException("a record of " + payloadBytes
                    + " bytes is too large for log segments of " + open.segment.size + " bytes");
        }
        return bytes;
    }

    /** Adds a record; room was made for it. Under the lock. Returns its offset. */
    int add(RecordKind kind, byte type, int group, int term, long index, byte[] payload) {
        return open.add(format, kind, type, group, term, index, payload);
    }

    private boolean changeSegment() throws IOException {
        Segment next = supply.take();
        if (next == null) {
            return false;
        }
        synchronized (lock) {
            open.seal(format);
            filled.add(open);
            segments.put(next.number, next);
            open = new Batch(next, SegmentFiles.HEADER_BYTES, open.number + 1, open.end(), buffer(), format);
            if (!addStates()) {
                throw new IOException("log segments of " + next.size + " bytes are too small for the groups");
            }
        }
        return true;
    }

    /** A segment starts with all that is known of the groups, so that it can be the oldest one day. */
    private boolean addStates() {
        for (Map.Entry<Integer, GroupLog> each : groups.entrySet()) {
            GroupLog log = each.getValue();
            byte[] payload = GroupCodec.encode(new GroupCodec.State(log.meta, log.released()));
            if (!open.fits(RecordFormat.size(payload.length))) {
                return false;
            }
            open.add(format, RecordKind.STATE, (byte) 0, each.getKey(), 0, log.last(), payload);
        }
        return true;
    }

    boolean hasPending() {
        return !open.isEmpty() || !filled.isEmpty();
    }

    PendingSync seal() {
        checkUsable();
        return hasPending() ? sealNow() : () -> {};
    }

    private PendingSync sealNow() {
        synchronized (lock) {
            List<Batch> batches = new ArrayList<>(filled);
            filled.clear();
            if (!open.isEmpty() || batches.isEmpty()) {
                open.seal(format);
                batches.add(open);
                open = new Batch(open.segment, open.end(), open.number + 1, open.end(), buffer(), format);
            }
            handedOver.addAll(batches);
            long turn = ++sealed;
            List<Segment> unneeded = unneeded();
            Segment markSegment = open.segment;
            int markAt = open.base;
            ByteBuffer mark = open.begin();
            return () -> sync(turn, batches, unneeded, markSegment, markAt, mark);
        }
    }

    /** Segments that nothing lives in once what is pending is durable; they leave the log then. */
    private List<Segment> unneeded() {
        List<Segment> unneeded = new ArrayList<>();
        while (oldest.number < open.segment.number
                && groups.values().stream().noneMatch(log -> log.pins(oldest.number))) {
            unneeded.add(oldest);
            oldest = segments.higherEntry(oldest.number).getValue();
        }
        return unneeded;
    }

    private void sync(
            long turn, List<Batch> batches, List<Segment> unneeded, Segment markSegment, int markAt, ByteBuffer mark)
            throws IOException {
        if (failure != null) {
            throw new IOException("the log has failed before", failure);
        }
        synchronized (lock) {
            if (turn != synced + 1) {
                throw new IllegalStateException("sync " + turn + " must follow sync " + synced + ", once");
            }
        }
        long bytes = 0;
        try {
            for (Batch batch : batches) {
                Segment segment = batch.segment;
                bytes += batch.end() - batch.base;
                disk.write(segment.file, segment.channel, batch.bytes(), batch.base);
                disk.force(segment.file, segment.channel, false);
            }
            disk.write(markSegment.file, markSegment.channel, mark, markAt);
        } catch (IOException | RuntimeException e) {
            IOException cause = e instanceof IOException io ? io : new IOException(e);
            failed(cause);
            throw cause;
        }
        synchronized (lock) {
            synced = turn;
            handedOver.removeAll(batches);
            batches.forEach(batch -> keep(batch.buffer()));
            unneeded.forEach(segment -> segments.remove(segment.number));
        }
        supply.giveBack(unneeded);
        supply.written(bytes);
    }

    byte[] read(LogPosition position) throws IOException {
        Segment segment;
        synchronized (lock) {
            for (List<Batch> batches : List.of(handedOver, filled, List.of(open))) {
                for (Batch batch : batches) {
                    if (batch.holds(position)) {
                        return batch.read(position, format);
                    }
                }
            }
            segment = segments.get(position.segment());
        }
        if (segment == null) {
            throw Segment.released(position);
        }
        return segment.read(position);
    }

    /** Size of the segments that are still needed. Under the lock. */
    long keptBytes() {
        long bytes = 0;
        for (Segment segment : segments.tailMap(oldest.number).values()) {
            bytes += segment.size;
        }
        return bytes;
    }

    /** Whether bytes of a segment are still to be written. */
    boolean unwritten(Segment segment) {
        synchronized (lock) {
            return Stream.concat(filled.stream(), handedOver.stream()).anyMatch(batch -> batch.segment == segment);
        }
    }

    private ByteBuffer buffer() {
        ByteBuffer kept = buffers.poll();
        return kept == null ? ByteBuffer.allocateDirect(Batch.FIRST_BYTES) : kept;
    }

    private void keep(ByteBuffer buffer) {
        if (buffer.capacity() <= KEPT_BUFFER_BYTES && buffers.size() < KEPT_BUFFERS) {
            buffers.push(buffer);
        }
    }

    private UncheckedIOException failed(IOException cause) {
        if (failure == null) {
            failure = cause;
        }
        return new UncheckedIOException(cause);
    }

    private void checkUsable() {
        IOException cause = failure;
        if (cause != null) {
            throw new UncheckedIOException("the log has failed: " + cause.getMessage(), cause);
        }
    }

    /** Makes what is pending durable, and the trace that it is. */
    void finish() throws IOException {
        if (failure == null) {
            seal().run();
            disk.force(open.segment.file, open.segment.channel, false);
        }
    }

    void close() throws IOException {
        for (Segment segment : segments.values()) {
            segment.close();
        }
    }
}
