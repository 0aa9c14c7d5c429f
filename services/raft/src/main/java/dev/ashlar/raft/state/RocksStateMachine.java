package dev.ashlar.raft.state;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import org.rocksdb.Checkpoint;
import org.rocksdb.FlushOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
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
 *       class ({@code mapplied}, {@code mformat}), every other byte to the subclass.
 *   <li>A native call on a closed database would end the process. So every call is made inside the
 *       {@link #guard}, and closing or swapping the database happens alone in it.
 *   <li>Bytes that are not what was written (a block whose checksum is wrong) are an error of the call that meets them and are
 *       remembered: {@link #damage()}.
 * </ol>
 */
public abstract class RocksStateMachine implements StateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(RocksStateMachine.class);

    private static final byte[] APPLIED = "mapplied".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FORMAT = "mformat".getBytes(StandardCharsets.US_ASCII);
    /** A turn that grows beyond this is written in parts, each at the end of an entry: bounds memory in a long replay. */
    private static final int TURN_BYTES_MAX = 4 << 20;

    private final RocksResources resources;
    private final StateDirectory directory;
    private final int formatVersion;
    private final DatabaseGuard guard = new DatabaseGuard();
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final ReadOptions readOptions = new ReadOptions();
    private final ReadOptions coldReadOptions = new ReadOptions().setFillCache(false);
    private final TurnBatch batch = new TurnBatch();
    private final Map<ByteKey, Optional<byte[]>> turnValues = new HashMap<>();
    private final Outcomes outcomes = new Outcomes();
    private final AtomicBoolean flushRequested = new AtomicBoolean();
    private final AtomicLong durable = new AtomicLong();
    private final AtomicLong snapshotNumber = new AtomicLong();

    /** Null when closed; guarded by {@link #guard}. */
    private RocksDB db;

    private volatile long applied;
    private volatile long written;
    private volatile String flushFault = "";
    private volatile String damage = "";

    /** Views that hold the database open; released before it is closed or replaced. */
    private final Set<StateView> views = ConcurrentHashMap.newKeySet();

    /** Who wants to see the state right after the entry that is being applied; null for nobody. */
    private Consumer<StateView> viewer;

    /**
     * @param directory of the database alone; its siblings {@code NAME.incoming}, {@code NAME.old} and
     *     {@code snapshots-NAME} belong to it too
     * @param formatVersion of the subclass's data, from 1; a database with a higher one is refused
     */
    protected RocksStateMachine(RocksResources resources, Path directory, int formatVersion) {
        this.resources = resources;
        this.directory = new StateDirectory(directory);
        this.formatVersion = formatVersion;
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
        directory.recover();
        try {
            openDatabase();
        } catch (IOException | RuntimeException e) {
            if (db != null) {
                db.close();
                db = null;
            }
            freeOptions();
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
        long stamp = guard.enter();
        try {
            return Optional.ofNullable(opened().get(readOptions, key));
        } catch (RocksDBException e) {
            throw fault("read", e);
        } finally {
            guard.exit(stamp);
        }
    }

    /**
     * Copies the beginning of a value, as readers see it, into {@code into}. Any thread.
     *
     * @return the length of the whole value, or -1 when there is no such key
     */
    protected final int readBeginning(byte[] key, byte[] into) throws IOException {
        long stamp = guard.enter();
        try {
            return opened().get(readOptions, key, into);
        } catch (RocksDBException e) {
            throw fault("read", e);
        } finally {
            guard.exit(stamp);
        }
    }

    /** Reads by an iterator over a consistent view of what is written. */
    @FunctionalInterface
    protected interface Walk<T> {
        /** Must not call back into the state machine: it is inside the guard. */
        T walk(RocksIterator iterator) throws IOException;
    }

    /** Runs a walk. Any thread. */
    protected final <T> T walk(Walk<T> walk) throws IOException {
        return walk(readOptions, walk);
    }

    /** Runs a walk that reads much, once: what it reads does not push out what others need. Any thread. */
    protected final <T> T walkCold(Walk<T> walk) throws IOException {
        return walk(coldReadOptions, walk);
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
        long stamp = guard.enter();
        try {
            RocksDB open = opened();
            Snapshot snapshot = open.getSnapshot();
            StateView view = new StateView(open, snapshot, new ReadOptions().setFillCache(false), this::closeView);
            views.add(view);
            return view;
        } finally {
            guard.exit(stamp);
        }
    }

    /** Runs a walk over a view. Fails when the state was closed or replaced since it was opened. */
    protected final <T> T walk(StateView view, Walk<T> walk) throws IOException {
        long stamp = guard.enter();
        try {
            if (!views.contains(view)) {
                throw new IOException("the state below " + directory.live() + " was closed or replaced meanwhile");
            }
            try (RocksIterator iterator = opened().newIterator(view.options())) {
                T result = walk.walk(iterator);
                iterator.status();
                return result;
            }
        } catch (RocksDBException e) {
            throw fault("read", e);
        } finally {
            guard.exit(stamp);
        }
    }

    private void closeView(StateView view) {
        long stamp = guard.enter();
        try {
            if (views.remove(view)) {
                view.release();
            }
        } finally {
            guard.exit(stamp);
        }
    }

    /** Alone in the guard. */
    private void releaseViews() {
        views.forEach(StateView::release);
        views.clear();
    }

    private <T> T walk(ReadOptions options, Walk<T> walk) throws IOException {
        long stamp = guard.enter();
        try (RocksIterator iterator = opened().newIterator(options)) {
            T result = walk.walk(iterator);
            iterator.status();
            return result;
        } catch (RocksDBException e) {
            throw fault("read", e);
        } finally {
            guard.exit(stamp);
        }
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
        if (who != null && written == applied) {
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
        if (applied != written || !batch.isEmpty()) {
            write();
        }
        outcomes.tellApplied();
    }

    private void write() throws IOException {
        long index = applied;
        beforeWrite();
        batch.put(APPLIED, Numbers.toBytes(index));
        long stamp = guard.enter();
        try (WriteBatch nativeBatch = new WriteBatch(batch.toBytes())) {
            opened().write(writeOptions, nativeBatch);
        } catch (RocksDBException e) {
            guard.exit(stamp);
            stamp = 0;
            outcomes.tellUnknown();
            throw fault("write", e);
        } finally {
            if (stamp != 0) {
                guard.exit(stamp);
            }
        }
        batch.clear();
        turnValues.clear();
        written = index;
        afterWrite();
    }

    // ---- durability

    @Override
    public final long durableIndex() {
        return durable.get();
    }

    @Override
    public final void requestFlush() {
        if (flushRequested.compareAndSet(false, true)) {
            resources.background().execute(this::flushInBackground);
        }
    }

    /** Why the last flush failed, or an empty string. Any thread. */
    public final String flushFault() {
        return flushFault;
    }

    private void flushInBackground() {
        flushRequested.set(false);
        long stamp = guard.enter();
        try {
            if (db != null) {
                flush();
            }
        } catch (RocksDBException e) {
            flushFault = e.getMessage();
            LOG.warn(
                    "flush of {} failed: {}",
                    directory.live(),
                    fault("flush", e).getMessage());
        } finally {
            guard.exit(stamp);
        }
    }

    private void flush() throws RocksDBException {
        // Read before the flush begins: everything up to it is in the memtables that are flushed.
        long index = written;
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options);
        }
        durable.accumulateAndGet(index, Math::max);
        flushFault = "";
    }

    // ---- snapshots

    @Override
    public final SnapshotFiles snapshot() throws IOException {
        Path path = directory.newSnapshot(snapshotNumber.incrementAndGet());
        try {
            long stamp = guard.enter();
            try (Checkpoint checkpoint = Checkpoint.create(opened())) {
                long before = written;
                // Flushes the memtables first, so nothing written is missing.
                checkpoint.createCheckpoint(path.toString());
                durable.accumulateAndGet(before, Math::max);
            } catch (RocksDBException e) {
                throw fault("snapshot", e);
            } finally {
                guard.exit(stamp);
            }
            // Writes go on meanwhile, so only the files themselves know which index they contain.
            return new CheckpointFiles(inspect(path), path);
        } catch (IOException | RuntimeException e) {
            StateDirectory.deleteTree(path);
            throw e;
        }
    }

    @Override
    public final void install(Path received) throws IOException {
        endOfTurn();
        inspect(received);
        directory.stage(received);
        long stamp = guard.enterAlone();
        try {
            releaseViews();
            db.close();
            db = null;
            directory.retire();
            directory.promote();
            openDatabaseLocked();
        } finally {
            guard.leaveAlone(stamp);
        }
        load();
        afterWrite();
        resources.background().execute(this::removeOld);
    }

    private void removeOld() {
        try {
            directory.removeOld();
        } catch (IOException e) {
            // The next start or the next install tries again.
            LOG.warn("cannot remove the replaced state beside {}", directory.live(), e);
        }
    }

    /** Opens a foreign database for reading, checks that it can be used here, and gives its applied index. */
    private long inspect(Path path) throws IOException {
        try (RocksDB other = RocksDB.openReadOnly(resources.options(), path.toString())) {
            checkFormat(path, other.get(FORMAT));
            return Numbers.fromBytes(other.get(APPLIED));
        } catch (RocksDBException e) {
            throw StateFaults.cannotOpen(path, e);
        }
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
        ChecksumWalk progress = new ChecksumWalk(APPLIED);
        while (!progress.finished()) {
            pace.accept(walk(view, progress::part));
        }
        return progress.result();
    }

    /** For long walks: throws when the database is about to close or to be replaced, so that it need not wait. */
    protected final void checkNotClosing() throws IOException {
        if (guard.closing()) {
            throw new IOException("the state below " + directory.live() + " is being closed or replaced");
        }
    }

    // ---- opening and closing

    private void openDatabase() throws IOException {
        long stamp = guard.enterAlone();
        try {
            openDatabaseLocked();
        } finally {
            guard.leaveAlone(stamp);
        }
        load();
        afterWrite();
    }

    private void openDatabaseLocked() throws IOException {
        Path path = directory.live();
        RocksDB opened;
        try {
            opened = RocksDB.open(resources.options(), path.toString());
        } catch (RocksDBException e) {
            throw StateFaults.cannotOpen(path, e);
        }
        try {
            byte[] format = opened.get(FORMAT);
            checkFormat(path, format);
            long index = Numbers.fromBytes(opened.get(APPLIED));
            if (format == null) {
                opened.put(writeOptions, FORMAT, Numbers.toBytes(formatVersion));
            }
            applied = index;
            written = index;
            durable.set(index);
            db = opened;
        } catch (RocksDBException e) {
            opened.close();
            throw StateFaults.cannotOpen(path, e);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    private void checkFormat(Path path, byte[] format) throws IOException {
        long found = format == null ? formatVersion : Numbers.fromBytes(format);
        if (found > formatVersion) {
            throw StateFaults.newerFormat(path, found, formatVersion);
        }
    }

    private RocksDB opened() throws IOException {
        if (db == null) {
            throw new IOException("the state below " + directory.live() + " is closed");
        }
        return db;
    }

    private IOException fault(String what, RocksDBException e) {
        if (damage.isEmpty() && StateFaults.isDamage(e)) {
            damage = StateFaults.describe(e);
            LOG.error("the state below {} is damaged: {}", directory.live(), damage);
        }
        return StateFaults.fault(what, directory.live(), e);
    }

    /** What was found wrong with the bytes on the disk since the database was opened, or an empty string. Any thread. */
    public final String damage() {
        return damage;
    }

    @Override
    public final void close() throws IOException {
        long stamp = guard.enterAlone();
        try {
            if (db == null) {
                return;
            }
            try {
                flush();
            } catch (RocksDBException e) {
                // What is not flushed is replayed from the log.
                LOG.warn("flush of {} at close failed: {}", directory.live(), e.getMessage());
            }
            releaseViews();
            db.close();
            db = null;
            freeOptions();
        } finally {
            guard.leaveAlone(stamp);
        }
        outcomes.tellUnknown();
    }

    private void freeOptions() {
        writeOptions.close();
        readOptions.close();
        coldReadOptions.close();
    }

    /** Deletes the state of a replica that is gone for good, and all that belongs to it. It must be closed. */
    public static void deleteState(Path directory) throws IOException {
        new StateDirectory(directory).delete();
    }
}
