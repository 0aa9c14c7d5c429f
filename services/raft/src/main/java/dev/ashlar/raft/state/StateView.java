package dev.ashlar.raft.state;

import java.util.function.Consumer;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.Snapshot;

/**
 * A state at one moment, for walks that take long or come in parts. One thread at a time. It ends when it is closed, or when
 * the state is closed or replaced by a snapshot: later walks fail then.
 */
public final class StateView implements AutoCloseable {
    private final RocksDB db;
    private final Snapshot snapshot;
    private final ReadOptions options;
    private final Consumer<StateView> close;

    StateView(RocksDB db, Snapshot snapshot, ReadOptions options, Consumer<StateView> close) {
        this.db = db;
        this.snapshot = snapshot;
        this.options = options.setSnapshot(snapshot);
        this.close = close;
    }

    ReadOptions options() {
        return options;
    }

    /** Lets go of the database. Called once, by the state machine, inside its guard. */
    void release() {
        options.close();
        db.releaseSnapshot(snapshot);
    }

    @Override
    public void close() {
        close.accept(this);
    }
}
