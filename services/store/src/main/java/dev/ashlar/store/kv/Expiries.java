package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.rocksdb.RocksIterator;

/**
 * Finds the keys and locks whose time runs out, by the rows that are in the order of that time. Knows no clock: the moment is an
 * argument. Any thread, inside a walk.
 */
final class Expiries {
    private static final byte[] KINDS = {Rows.EXPIRY, Rows.LOCK_EXPIRY};

    private Expiries() {}

    /** What a leader proposes at a moment: at most {@code max}, the earliest of each kind first. */
    static List<KvCommand> due(RocksIterator iterator, long nowMs, int max) throws IOException {
        List<KvCommand> due = new ArrayList<>();
        for (byte kind : KINDS) {
            iterator.seek(new byte[] {kind});
            while (due.size() < max && at(iterator, kind) && Rows.expiresAtMs(iterator.key()) <= nowMs) {
                byte[] row = iterator.key();
                long number = Rows.number(iterator.value());
                due.add(
                        kind == Rows.EXPIRY
                                ? new KvCommand.Expire(Rows.expiryKey(row), number)
                                : new KvCommand.ExpireLock(LockTable.nameOf(row), number));
                iterator.next();
            }
        }
        return due;
    }

    /** When the next one is due, in milliseconds since 1970; {@link Long#MAX_VALUE} when none ever is. */
    static long nextMs(RocksIterator iterator) {
        long next = Long.MAX_VALUE;
        for (byte kind : KINDS) {
            iterator.seek(new byte[] {kind});
            next = at(iterator, kind) ? Math.min(next, Rows.expiresAtMs(iterator.key())) : next;
        }
        return next;
    }

    private static boolean at(RocksIterator iterator, byte kind) {
        return iterator.isValid() && iterator.key()[0] == kind;
    }
}
