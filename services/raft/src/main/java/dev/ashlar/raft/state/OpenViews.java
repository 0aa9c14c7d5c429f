package dev.ashlar.raft.state;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;

/**
 * The views of a database that hold it open. Each is released once: by whoever opened it, or by the state machine before it
 * closes or replaces the database, whichever comes first.
 *
 * <p>Any thread. A native call on a closed database would end the process, so what is called inside the guard, and what
 * alone in it, is said below.
 */
final class OpenViews {
    private final DatabaseGuard guard;
    private final Set<StateView> views = ConcurrentHashMap.newKeySet();

    OpenViews(DatabaseGuard guard) {
        this.guard = guard;
    }

    /** The state of a database as it is now. Inside the guard. */
    StateView open(RocksDB db) {
        StateView view = new StateView(db, db.getSnapshot(), new ReadOptions().setFillCache(false), this::close);
        views.add(view);
        return view;
    }

    /** Whether the view can still be read; that holds until the caller leaves the guard, in which it must be. */
    boolean isOpen(StateView view) {
        return views.contains(view);
    }

    /** Ends all views. Alone in the guard. */
    void releaseAll() {
        views.forEach(StateView::release);
        views.clear();
    }

    private void close(StateView view) {
        long stamp = guard.enter();
        try {
            if (views.remove(view)) {
                view.release();
            }
        } finally {
            guard.exit(stamp);
        }
    }
}
