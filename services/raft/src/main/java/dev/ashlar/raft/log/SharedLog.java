package dev.ashlar.raft.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

import dev.ashlar.raft.Member;

/**
 * The log of all groups of a process.
 *
 * <p>Threads: methods that write, {@link #hasPending()}, {@link #seal()} and {@link #carryForward} are for one thread, the
 * engine's. {@link #read}, {@link #full()}, {@link #oldestPinningGroup()} and {@link #bytesOnDisk()} are for any.
 * Nothing is durable until the {@link PendingSync} that contains it has run. After a failure every call that writes
 * throws {@link UncheckedIOException}.
 *
 * <p>A full disk stops entries only. Terms, votes and marks still fit: into the last sixteenth of a segment, which entries leave
 * free while no next segment is ready, and into the next segment. Should even that run out, writing them throws.
 */
public final class SharedLog implements AutoCloseable {
    /** Snapshot marks of a group that are kept. */
    public static final int MARKS_KEPT = 4;

    /** Most payload bytes that one call of {@link #carryForward} moves, unless a single entry is larger. */
    public static final int CARRY_BYTES_MAX = 1 << 20;

    private static final byte[] NOTHING = new byte[0];

    private final LogOptions options;
    private final SegmentFiles files;
    private final SegmentSupply supply;
    private final LogWriter writer;
    /** Guards everything that {@link #read} and {@link #oldestPinningGroup} look at. */
    private final Object lock;

    private final Map<Integer, GroupLog> groups;
    private Map<Integer, StoredGroup> recovered;

    private SharedLog(
            LogOptions options,
            SegmentFiles files,
            SegmentSupply supply,
            LogWriter writer,
            Map<Integer, GroupLog> groups,
            Map<Integer, StoredGroup> recovered) {
        this.options = options;
        this.files = files;
        this.supply = supply;
        this.writer = writer;
        this.lock = writer.lock();
        this.groups = groups;
        this.recovered = recovered;
    }

    /**
     * Opens the log of a directory, which is created when missing. Scans all segments and makes durable what it found.
     *
     * @throws LogCorruptException when something that was durable is not there any more
     * @throws LogFormatException when a newer version wrote the log
     * @throws LogFullException when the disk has no room for the first segment
     */
    public static SharedLog open(Path dir, LogOptions options) throws IOException {
        return open(dir, options, new Disk());
    }

    static SharedLog open(Path dir, LogOptions options, Disk disk) throws IOException {
        LogOpening opening = new LogOpening(dir, options, disk);
        return opening.run();
    }

    static SharedLog assemble(
            LogOptions options,
            SegmentFiles files,
            SegmentSupply supply,
            LogWriter writer,
            Map<Integer, GroupLog> groups,
            Map<Integer, StoredGroup> recovered) {
        return new SharedLog(options, files, supply, writer, groups, recovered);
    }

    /** What the log held when it was opened. Can be called once, since it may be large. */
    public Map<Integer, StoredGroup> groups() {
        Map<Integer, StoredGroup> found = recovered;
        if (found == null) {
            throw new IllegalStateException("the recovered groups were handed out before");
        }
        recovered = null;
        return found;
    }

    /** Creates a group, or replaces what is known of its members. Its local member cannot change: remove it first. */
    public void writeGroup(
            int group, Member local, boolean voting, List<Member> initialVoters, List<Member> initialLearners) {
        GroupLog log = groups.get(group);
        if (log != null && !log.meta.local().equals(local)) {
            throw new IllegalStateException("group " + group + " belongs to " + log.meta.local() + ", not to " + local);
        }
        GroupMeta meta = log == null
                ? new GroupMeta(local, voting, initialVoters, initialLearners, 0, "", List.of())
                : log.meta.withMembers(voting, initialVoters, initialLearners);
        long released = log == null ? 0 : log.released();
        byte[] payload = GroupCodec.encode(new GroupCodec.State(meta, released));
        writer.reserveMeta(payload.length);
        synchronized (lock) {
            writer.add(RecordKind.STATE, (byte) 0, group, 0, log == null ? 0 : log.last(), payload);
            if (log == null) {
                groups.put(group, new GroupLog(meta, released));
            } else {
                log.meta = meta;
            }
        }
    }

    /** Writes term and vote. {@code votedFor} is empty for none. */
    public void writeTerm(int group, int term, String votedFor) {
        GroupLog log = group(group);
        byte[] payload = votedFor.getBytes(StandardCharsets.UTF_8);
        writer.reserveMeta(payload.length);
        synchronized (lock) {
            writer.add(RecordKind.TERM, (byte) 0, group, term, 0, payload);
            log.meta = log.meta.withTerm(term, votedFor);
        }
    }

    /**
     * Appends the entry after the last one, or after the released index when that is higher. May wait for the next segment to be
     * prepared when the disk is slower than the writer.
     */
    public LogPosition append(int group, long index, int term, byte type, byte[] payload) throws LogFullException {
        GroupLog log = group(group);
        if (index != log.last() + 1) {
            throw new IllegalStateException("entry " + index + " of group " + group + " cannot follow " + log.last());
        }
        writer.reserveEntry(payload.length);
        synchronized (lock) {
            int offset = writer.add(RecordKind.ENTRY, type, group, term, index, payload);
            log.append(writer.segmentNumber(), offset);
            return new LogPosition(writer.segmentNumber(), offset, payload.length);
        }
    }

    /** Drops the entries at and above an index. */
    public void truncateFrom(int group, long index) {
        GroupLog log = group(group);
        if (index > log.last()) {
            return;
        }
        writer.reserveMeta(0);
        synchronized (lock) {
            writer.add(RecordKind.TRUNCATE, (byte) 0, group, 0, index, NOTHING);
            log.truncateFrom(index);
        }
    }

    /**
     * Writes that a snapshot exists. The last {@value #MARKS_KEPT} are kept. Drops no entries.
     *
     * @param insteadOfNewest whether it takes the place of the newest mark, so that no older one is forgotten
     */
    public void writeSnapshot(int group, SnapshotMark mark, boolean insteadOfNewest) {
        GroupLog log = group(group);
        byte[] payload = GroupCodec.encode(mark);
        writer.reserveMeta(payload.length);
        synchronized (lock) {
            RecordKind kind = insteadOfNewest ? RecordKind.MARK_AGAIN : RecordKind.MARK;
            writer.add(kind, (byte) 0, group, 0, mark.index(), payload);
            log.meta = log.meta.withMark(mark, insteadOfNewest);
        }
    }

    /**
     * Says that entries up to an index are needed no more, neither for a restart nor to be read. May lie beyond the last entry (a
     * snapshot was installed): all are dropped then, and the next one is {@code index + 1}.
     */
    public void release(int group, long index) {
        GroupLog log = group(group);
        if (index <= log.released()) {
            return;
        }
        writer.reserveMeta(0);
        synchronized (lock) {
            writer.add(RecordKind.RELEASE, (byte) 0, group, 0, index, NOTHING);
            log.release(index);
        }
    }

    /** Forgets a group; nothing when it is not there. */
    public void removeGroup(int group) {
        if (!groups.containsKey(group)) {
            return;
        }
        writer.reserveMeta(0);
        synchronized (lock) {
            writer.add(RecordKind.REMOVE, (byte) 0, group, 0, 0, NOTHING);
            groups.remove(group);
        }
    }

    /**
     * Appends the entries of a group that sit in the oldest segment once more, so that they pin it no longer. Returns their
     * new positions, which hold at once; the old ones end with the sync. Moves a bounded number of bytes: call again while
     * {@link #oldestPinningGroup()} names the group. Reads the disk, so this is for the few entries of an idle group.
     */
    public List<StoredEntry> carryForward(int group) throws IOException {
        GroupLog log = group(group);
        List<StoredEntry> moved = new ArrayList<>();
        Segment oldest = writer.oldest();
        if (oldest.number == writer.segmentNumber() || writer.unwritten(oldest)) {
            return moved;
        }
        long bytes = 0;
        for (long index = log.firstIn(oldest.number, 0);
                index >= 0 && bytes < CARRY_BYTES_MAX;
                index = log.firstIn(oldest.number, index + 1)) {
            StoredEntry entry = oldest.entry(log.offsetOf(index));
            byte[] payload = oldest.read(entry.position());
            bytes += payload.length;
            writer.reserveEntry(payload.length);
            synchronized (lock) {
                int offset = writer.add(RecordKind.MOVED, entry.type(), group, entry.term(), index, payload);
                log.move(index, writer.segmentNumber(), offset);
                LogPosition position = new LogPosition(writer.segmentNumber(), offset, payload.length);
                moved.add(new StoredEntry(index, entry.term(), entry.type(), position));
            }
        }
        return moved;
    }

    /** Whether anything was appended since the last {@link #seal()}. */
    public boolean hasPending() {
        return writer.hasPending();
    }

    /** Hands over what was appended. Appending goes on while it runs. */
    public PendingSync seal() {
        return writer.seal();
    }

    /**
     * Reads the payload of an entry and verifies its checksum.
     *
     * @throws LogCorruptException when it is not what was written
     * @throws IOException when it has been released or moved, too
     */
    public byte[] read(LogPosition position) throws IOException {
        return writer.read(position);
    }

    /** Whether entries are refused since the disk is nearly full. Clears by itself, within about a second. */
    public boolean full() {
        return supply.full();
    }

    /** When the segments that are still needed are larger than the target: a group with entries in the oldest one. */
    public OptionalInt oldestPinningGroup() {
        synchronized (lock) {
            long oldest = writer.oldest().number;
            return oldest == writer.segmentNumber() || writer.keptBytes() <= options.targetBytes()
                    ? OptionalInt.empty()
                    : groups.entrySet().stream()
                            .filter(each -> each.getValue().pins(oldest))
                            .mapToInt(Map.Entry::getKey)
                            .findFirst();
        }
    }

    /** Size of all segment files in bytes, with those that are prepared or wait to be used again. */
    public long bytesOnDisk() {
        return files.bytes();
    }

    /** Closes the files as a kill would: what was not handed to a sync is lost. */
    void abandon() {
        try {
            supply.close();
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Syncs what is pending and closes the files. No {@link PendingSync} may run meanwhile. */
    @Override
    public void close() throws IOException {
        try {
            writer.finish();
        } finally {
            supply.close();
            writer.close();
        }
    }

    private GroupLog group(int group) {
        GroupLog log = groups.get(group);
        if (log == null) {
            throw new IllegalStateException("the log does not know group " + group);
        }
        return log;
    }
}
