package dev.ashlar.raft.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.raft.SnapshotFiles;

/**
 * The RocksDB database of one state machine: every native call on it is made here, or by its parts within its guard.
 *
 * <ol>
 *   <li>A call on a closed database would end the process. So every call is made inside the {@link #guard}, and opening,
 *       replacing and closing the database happen alone in it.
 *   <li>It knows how far its content has got, and to where a crash would take it back: {@link #durability()}.
 *   <li>Bytes that are not what was written are an error of the call that meets them and are remembered: {@link #damage()}.
 * </ol>
 *
 * <p>Any thread reads, flushes and takes snapshots; {@link #open}, {@link #write}, {@link #replace} and {@link #close} are for
 * the state machine, which calls one of them at a time.
 */
final class StateDatabase {
    private static final Logger LOG = LoggerFactory.getLogger(StateDatabase.class);

    private final RocksResources resources;
    private final StateDirectory directory;
    private final StateFormat format;
    private final LongConsumer openedAt;
    private final DatabaseGuard guard = new DatabaseGuard();
    private final OpenViews views = new OpenViews(guard);
    private final Durability durability = new Durability();
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final ReadOptions readOptions = new ReadOptions();
    private final ReadOptions coldReadOptions = new ReadOptions().setFillCache(false);
    private final AtomicBoolean flushRequested = new AtomicBoolean();
    private final AtomicLong snapshotNumber = new AtomicLong();

    /** Null when closed; guarded by {@link #guard}. */
    private RocksDB db;

    private volatile String damage = "";

    /** @param openedAt told the index of a database that was opened or has replaced another, before anyone can read it */
    StateDatabase(RocksResources resources, StateDirectory directory, StateFormat format, LongConsumer openedAt) {
        this.resources = resources;
        this.directory = directory;
        this.format = format;
        this.openedAt = openedAt;
    }

    // ---- opening and closing

    /** Brings back one whole state after a crash and opens it. When this, or what follows it, fails: {@link #abandon}. */
    void open() throws IOException {
        directory.recover();
        long stamp = guard.enterAlone();
        try {
            openLocked();
        } finally {
            guard.leaveAlone(stamp);
        }
    }

    private void openLocked() throws IOException {
        Path path = directory.live();
        RocksDB opened;
        try {
            opened = RocksDB.open(resources.options(), path.toString());
        } catch (RocksDBException e) {
            throw StateFaults.cannotOpen(path, e);
        }
        try {
            long index = format.adopt(opened, path, writeOptions);
            openedAt.accept(index);
            durability.opened(index);
            db = opened;
        } catch (RocksDBException e) {
            opened.close();
            throw StateFaults.cannotOpen(path, e);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    /** Frees everything after the state machine could not be opened: nobody else has seen the database yet. */
    void abandon() {
        if (db != null) {
            db.close();
            db = null;
        }
        freeOptions();
    }

    /** Replaces the database by a received one, which it takes over. A crash at any moment leaves one of the two. */
    void replace(Path received) throws IOException {
        inspect(received);
        directory.stage(received);
        long stamp = guard.enterAlone();
        try {
            views.releaseAll();
            db.close();
            db = null;
            directory.retire();
            directory.promote();
            openLocked();
        } finally {
            guard.leaveAlone(stamp);
        }
    }

    /** Deletes, in the background, the files of the database that {@link #replace} took out of use. */
    void removeReplaced() {
        resources.background().execute(() -> {
            try {
                directory.removeOld();
            } catch (IOException e) {
                // The next start or the next install tries again.
                LOG.warn("cannot remove the replaced state beside {}", directory.live(), e);
            }
        });
    }

    /** Flushes and closes; false when it was closed before. */
    boolean close() {
        long stamp = guard.enterAlone();
        try {
            if (db == null) {
                return false;
            }
            try {
                durability.flush(db);
            } catch (RocksDBException e) {
                // What is not flushed is replayed from the log.
                LOG.warn("flush of {} at close failed: {}", directory.live(), e.getMessage());
            }
            views.releaseAll();
            db.close();
            db = null;
            freeOptions();
            return true;
        } finally {
            guard.leaveAlone(stamp);
        }
    }

    private void freeOptions() {
        writeOptions.close();
        readOptions.close();
        coldReadOptions.close();
    }

    /** Opens a foreign database for reading, checks that it can be used here, and gives its applied index. */
    private long inspect(Path path) throws IOException {
        try (RocksDB other = RocksDB.openReadOnly(resources.options(), path.toString())) {
            return format.inspect(other, path);
        } catch (RocksDBException e) {
            throw StateFaults.cannotOpen(path, e);
        }
    }

    /** Throws when the database is about to close or to be replaced: long work inside the guard should end then. */
    void checkNotClosing() throws IOException {
        if (guard.closing()) {
            throw new IOException("the state below " + directory.live() + " is being closed or replaced");
        }
    }

    private RocksDB opened() throws IOException {
        if (db == null) {
            throw new IOException("the state below " + directory.live() + " is closed");
        }
        return db;
    }

    // ---- reading

    /** The value of a key, null when there is none. */
    byte[] get(byte[] key) throws IOException {
        long stamp = guard.enter();
        try {
            return opened().get(readOptions, key);
        } catch (RocksDBException e) {
            throw fault("read", e);
        } finally {
            guard.exit(stamp);
        }
    }

    /** Copies the beginning of a value into {@code into}; gives the length of the whole value in bytes, -1 when there is none. */
    int getBeginning(byte[] key, byte[] into) throws IOException {
        long stamp = guard.enter();
        try {
            return opened().get(readOptions, key, into);
        } catch (RocksDBException e) {
            throw fault("read", e);
        } finally {
            guard.exit(stamp);
        }
    }

    /** Runs a walk over what is written. */
    <T> T walk(RocksStateMachine.Walk<T> walk) throws IOException {
        return walk(readOptions, walk);
    }

    /** Runs a walk whose blocks do not go into the cache. */
    <T> T walkCold(RocksStateMachine.Walk<T> walk) throws IOException {
        return walk(coldReadOptions, walk);
    }

    private <T> T walk(ReadOptions options, RocksStateMachine.Walk<T> walk) throws IOException {
        long stamp = guard.enter();
        try {
            return walkInside(options, walk);
        } finally {
            guard.exit(stamp);
        }
    }

    private <T> T walkInside(ReadOptions options, RocksStateMachine.Walk<T> walk) throws IOException {
        try (RocksIterator iterator = opened().newIterator(options)) {
            T result = walk.walk(iterator);
            iterator.status();
            return result;
        } catch (RocksDBException e) {
            throw fault("read", e);
        }
    }

    /** The state as it is now. */
    StateView openView() throws IOException {
        long stamp = guard.enter();
        try {
            return views.open(opened());
        } finally {
            guard.exit(stamp);
        }
    }

    /** Runs a walk over a view. Fails when the database was closed or replaced since it was opened. */
    <T> T walk(StateView view, RocksStateMachine.Walk<T> walk) throws IOException {
        long stamp = guard.enter();
        try {
            if (!views.isOpen(view)) {
                throw new IOException("the state below " + directory.live() + " was closed or replaced meanwhile");
            }
            return walkInside(view.options(), walk);
        } finally {
            guard.exit(stamp);
        }
    }

    // ---- writing, and what of it is durable

    /**
     * Writes a batch that takes the state to an index and contains that index.
     *
     * @throws RocksDBException when nothing of it was written; to be handed to {@link #fault}
     * @throws IOException when the database is closed
     */
    void write(byte[] batch, long index) throws IOException, RocksDBException {
        long stamp = guard.enter();
        try (WriteBatch nativeBatch = new WriteBatch(batch)) {
            opened().write(writeOptions, nativeBatch);
        } finally {
            guard.exit(stamp);
        }
        durability.written(index);
    }

    /** How far its content has got. */
    Durability durability() {
        return durability;
    }

    /** Flushes in the background; requests that come before it begins are one. */
    void requestFlush() {
        if (flushRequested.compareAndSet(false, true)) {
            resources.background().execute(this::flushInBackground);
        }
    }

    private void flushInBackground() {
        flushRequested.set(false);
        long stamp = guard.enter();
        try {
            if (db != null) {
                durability.flush(db);
            }
        } catch (RocksDBException e) {
            durability.failed(e.getMessage());
            LOG.warn(
                    "flush of {} failed: {}",
                    directory.live(),
                    fault("flush", e).getMessage());
        } finally {
            guard.exit(stamp);
        }
    }

    /** The state as files, which are the caller's to close. Makes what is written durable, too. */
    SnapshotFiles snapshot() throws IOException {
        Path path = directory.newSnapshot(snapshotNumber.incrementAndGet());
        try {
            checkpoint(path);
            // Writes go on meanwhile, so only the files themselves know which index they contain.
            return new CheckpointFiles(inspect(path), path);
        } catch (IOException | RuntimeException e) {
            StateDirectory.deleteTree(path);
            throw e;
        }
    }

    private void checkpoint(Path path) throws IOException {
        long stamp = guard.enter();
        try {
            durability.checkpoint(opened(), path);
        } catch (RocksDBException e) {
            throw fault("snapshot", e);
        } finally {
            guard.exit(stamp);
        }
    }

    // ---- faults

    /** What a failed call means, to be thrown; damage that it tells of is remembered. */
    IOException fault(String what, RocksDBException e) {
        if (damage.isEmpty() && StateFaults.isDamage(e)) {
            damage = StateFaults.describe(e);
            LOG.error("the state below {} is damaged: {}", directory.live(), damage);
        }
        return StateFaults.fault(what, directory.live(), e);
    }

    /** What was found wrong with the bytes on the disk since the database was opened, or an empty string. */
    String damage() {
        return damage;
    }
}
