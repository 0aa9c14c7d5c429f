package dev.ashlar.raft.state;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

import org.rocksdb.Checkpoint;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * How far the content of a database has got, in indexes of the Raft log: what is written, and what a crash will not take back.
 * RocksDB's log is off, so only a flush of the memtables makes anything durable, and the Raft log must keep the rest (S1).
 *
 * <p>An index counts as durable only if it was written before the flush began: everything up to it is in the memtables that
 * are flushed, while of what is written meanwhile nobody knows.
 *
 * <p>Any thread; the methods that take a database are called inside the guard, {@link #opened} alone in it.
 */
final class Durability {
    private final AtomicLong durable = new AtomicLong();
    private volatile long written;
    private volatile String fault = "";

    /** A database was opened, or has replaced another: what it contains is on the disk. */
    void opened(long index) {
        written = index;
        durable.set(index);
    }

    /** Everything up to an index is in the memtables. Called by one thread at a time. */
    void written(long index) {
        written = index;
    }

    /** The index of the last entry whose effects were written. */
    long writtenIndex() {
        return written;
    }

    /** An index that a crash will not take back: that of the last flush, or of the opening. */
    long durableIndex() {
        return durable.get();
    }

    /** Why the last flush failed, or an empty string. */
    String fault() {
        return fault;
    }

    /** A flush has failed. */
    void failed(String reason) {
        fault = reason;
    }

    /** Flushes the memtables and waits for it. */
    void flush(RocksDB db) throws RocksDBException {
        long index = written;
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options);
        }
        durable.accumulateAndGet(index, Math::max);
        fault = "";
    }

    /** Makes a copy of the database by hard links, in a directory that is not there yet. */
    void checkpoint(RocksDB db, Path path) throws RocksDBException {
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            long index = written;
            // Flushes the memtables first, so nothing written is missing.
            checkpoint.createCheckpoint(path.toString());
            durable.accumulateAndGet(index, Math::max);
        }
    }
}
