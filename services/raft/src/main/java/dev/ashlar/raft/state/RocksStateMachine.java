package dev.ashlar.raft.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.raft.Command;
import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.SnapshotFiles;
import dev.ashlar.raft.StateMachine;

/**
 * A state machine whose state is one RocksDB database.
 *
 * <ol>
 *   <li>{@link #applyEntry} collects the effects of a turn; {@link #endOfTurn} writes them in one batch together with the
 *       index of the last entry, then tells the outcomes. So the database always stands at the end of an entry (S1, S3).
 *   <li>RocksDB's log is off: after a crash the database stands where it was last flushed, {@link #durableIndex()} or
 *       later, and the engine replays the Raft log from {@link #appliedIndex()}.
 *   <li>All data is in the default column family. The first byte of a key says what it is; {@code 'm'} belongs to this
 *       class ({@link StateFormat}), every other byte to the subclass.
 *   <li>Readers on any thread may meet a database that is being closed, or replaced by a snapshot. {@link StateDatabase} makes
 *       them wait or fail: a native call on a closed one would end the process.
 *   <li>Bytes that are not what was written (a block whose checksum is wrong) are an error of the call that meets them and are
 *       remembered: {@link #damage()}.
 * </ol>
 *
 * <p>Threads: as {@link StateMachine} says. A subclass may read what is written, and open and walk views, on any thread; everything
 * else it uses belongs to the engine thread.
 */
public abstract class RocksStateMachine implements StateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(RocksStateMachine.class);

    /** A turn that grows beyond this is written in parts, each at the end of an entry: bounds memory in a long replay. */
    private static final int TURN_BYTES_MAX = 4 << 20;

    private final StateDatabase database;
    private final TurnBatch batch = new TurnBatch();
    private final Map<ByteKey, Optional<byte[]>> turnValues = new HashMap<>();
    private final Outcomes outcomes = new Outcomes();

    private volatile long applied;

    /** Who wants to see the state right after the entry that is being applied; null for nobody. */
    private Consumer<StateView> viewer;

    /**
     * @param directory of the database alone; its siblings {@code NAME.incoming}, {@code NAME.old} and
     *     {@code snapshots-NAME} belong to it too
     * @param formatVersion of the subclass's data, from 1; a database with a higher one is refused
     */
    protected RocksStateMachine(RocksResources resources, Path directory, int formatVersion) {
        this.database = new StateDatabase(
                resources, new StateDirectory(directory), new StateFormat(formatVersion), index -> applied = index);
    }

    // ---- what a subclass says

    /** Reads what the subclass keeps in memory from the database, which was just opened or replaced. */
    protected abstract void load() throws IOException;

    /**
     * Applies one entry: reads, puts effects into {@link #batch()} (or by {@link #put}), and calls
     * {@link #tellAfterWrite} once for each command that has an origin.
     */
    protected abstract void applyEntry(LogEntry entry) throws IOException;

    /** The turn is about to be written: the last chance to add to the batch, e.g. counters. */
    protected abstract void beforeWrite();

    /** The turn is written: readers may see what is new. Outcomes are told after this. */
    protected abstract void afterWrite();

    // ---- what a subclass uses

    /** Opens the database; to be called once, at the end of the subclass's constructor. */
    protected final void open() throws IOException {
        try {
            database.open();
            load();
            afterWrite();
        } catch (IOException | RuntimeException e) {
            database.abandon();
            throw e;
        }
    }

    /** The effects of this turn. */
    protected final TurnBatch batch() {
        return batch;
    }

    /** Writes a key, and lets {@link #read} see it in this turn. */
    protected final void put(byte[] key, byte[] value) {
        batch.put(key, value);
        turnValues.put(new ByteKey(key), Optional.of(value));
    }

    /** Deletes a key, and lets {@link #read} see it in this turn. */
    protected final void delete(byte[] key) {
        batch.delete(key);
        turnValues.put(new ByteKey(key), Optional.empty());
    }

    /** Reads a key as the engine thread sees it: with what {@link #put} and {@link #delete} did in this turn. */
    protected final Optional<byte[]> read(byte[] key) throws IOException {
        Optional<byte[]> inTurn = turnValues.get(new ByteKey(key));
        return inTurn != null ? inTurn : readWritten(key);
    }

    /** Reads a key as readers see it. Any thread. */
    protected final Optional<byte[]> readWritten(byte[] key) throws IOException {
        return Optional.ofNullable(database.get(key));
    }

    /**
     * Copies the beginning of a value, as readers see it, into {@code into}. Any thread.
     *
     * @return the length of the whole value, or -1 when there is no such key
     */
    protected final int readBeginning(byte[] key, byte[] into) throws IOException {
        return database.getBeginning(key, into);
    }

    /** Reads by an iterator over a consistent view of what is written. */
    @FunctionalInterface
    protected interface Walk<T> {
        /** Must not call back into the state machine: it is inside the guard. */
        T walk(RocksIterator iterator) throws IOException;
    }

    /** Runs a walk. Any thread. */
    protected final <T> T walk(Walk<T> walk) throws IOException {
        return database.walk(walk);
    }

    /** Runs a walk that reads much, once: what it reads does not push out what others need. Any thread. */
    protected final <T> T walkCold(Walk<T> walk) throws IOException {
        return database.walkCold(walk);
    }

    /**
     * Shows a subclass, on the engine thread, the state as it is right after the entry that is being applied: the same on every
     * replica (S3). Not called when the disk is full.
     */
    protected final void viewAfterEntry(Consumer<StateView> who) {
        viewer = who;
    }

    /** The state as it is now, for walks that go on while it changes. To be closed soon: it keeps old data on the disk. */
    protected final StateView openView() throws IOException {
        return database.openView();
    }

    /** Runs a walk over a view. Fails when the state was closed or replaced since it was opened. */
    protected final <T> T walk(StateView view, Walk<T> walk) throws IOException {
        return database.walk(view, walk);
    }

    /** Holds an outcome back until the turn is written. When that fails, the origin is told {@code UNKNOWN}. */
    protected final void tellAfterWrite(Command origin, Runnable appliedOutcome) {
        outcomes.hold(origin, appliedOutcome);
    }

    // ---- applying

    @Override
    public final long appliedIndex() {
        return applied;
    }

    @Override
    public final void apply(LogEntry entry) throws IOException {
        try {
            applyEntry(entry);
        } catch (IOException e) {
            outcomes.tellUnknown(entry.origins());
            throw e;
        }
        applied = entry.index();
        Consumer<StateView> who = viewer;
        viewer = null;
        if (who != null || batch.sizeBytes() > TURN_BYTES_MAX) {
            writeEarly();
        }
        if (who != null && isWritten()) {
            who.accept(openView());
        }
    }

    private void writeEarly() throws IOException {
        try {
            write();
        } catch (StateDiskFullException full) {
            // All of it is still held; the end of the turn tries again, and tells the engine.
            LOG.debug("the turn is not written yet: {}", full.getMessage());
        }
    }

    @Override
    public final void advance(long index) {
        applied = index;
    }

    @Override
    public final void endOfTurn() throws IOException {
        if (!isWritten() || !batch.isEmpty()) {
            write();
        }
        outcomes.tellApplied();
    }

    private boolean isWritten() {
        return database.durability().writtenIndex() == applied;
    }

    private void write() throws IOException {
        long index = applied;
        beforeWrite();
        batch.put(StateFormat.APPLIED, Numbers.toBytes(index));
        try {
            database.write(batch.toBytes(), index);
        } catch (RocksDBException e) {
            outcomes.tellUnknown();
            throw database.fault("write", e);
        }
        batch.clear();
        turnValues.clear();
        afterWrite();
    }

    // ---- durability

    @Override
    public final long durableIndex() {
        return database.durability().durableIndex();
    }

    @Override
    public final void requestFlush() {
        database.requestFlush();
    }

    /** Why the last flush failed, or an empty string. Any thread. */
    public final String flushFault() {
        return database.durability().fault();
    }

    // ---- snapshots

    @Override
    public final SnapshotFiles snapshot() throws IOException {
        return database.snapshot();
    }

    @Override
    public final void install(Path received) throws IOException {
        endOfTurn();
        database.replace(received);
        load();
        afterWrite();
        database.removeReplaced();
    }

    // ---- comparing replicas

    /** Reads everything; takes as long as the disk needs. Fails when the state is closed or replaced meanwhile. */
    public final StateChecksum checksum() throws IOException {
        try (StateView view = openView()) {
            return checksum(view, bytes -> {});
        }
    }

    /**
     * Reads all of a view, a part at a time, so that whoever closes or replaces the state need not wait for it.
     *
     * @param pace told the bytes of each part after it was read; may wait, to bound the rate
     */
    protected final StateChecksum checksum(StateView view, LongConsumer pace) throws IOException {
        ChecksumWalk progress = new ChecksumWalk(StateFormat.APPLIED);
        while (!progress.finished()) {
            pace.accept(walk(view, progress::part));
        }
        return progress.result();
    }

    /** For long walks: throws when the database is about to close or to be replaced, so that it need not wait. */
    protected final void checkNotClosing() throws IOException {
        database.checkNotClosing();
    }

    // ---- faults and the end

    /** What was found wrong with the bytes on the disk since the database was opened, or an empty string. Any thread. */
    public final String damage() {
        return database.damage();
    }

    @Override
    public final void close() throws IOException {
        if (database.close()) {
            outcomes.tellUnknown();
        }
    }

    /** Deletes the state of a replica that is gone for good, and all that belongs to it. It must be closed. */
    public static void deleteState(Path directory) throws IOException {
        new StateDirectory(directory).delete();
    }
}
