package dev.ashlar.store.kv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

import dev.ashlar.common.error.ErrorCode;

/**
 * Locks of one shard: who holds which, and until when.
 *
 * <ol>
 *   <li>A lock is held until it is released or its time has run out by the shard's time, which only the log moves: every
 *       replica agrees on who held it when (S3), and a new leader cannot free it early, whatever its clock says.
 *   <li>Acquiring takes a revision, which is the fencing token: later holders have larger ones. Prolonging takes none and
 *       keeps the token. Releasing and expiring take one each.
 *   <li>A fence holds only while the lock is held under that very token. Released, expired or taken by another: refused.
 * </ol>
 *
 * <p>Engine thread only.
 */
final class LockTable {
    /** A lock that is held. */
    record Held(long token, long expiresAtMs, String owner) {
        static Held read(byte[] row) throws IOException {
            ByteReader in = new ByteReader(row, 0, row.length);
            Held held = new Held(in.varint(), in.varint(), in.text(Integer.MAX_VALUE));
            return Rows.good(in, held);
        }

        byte[] toRow() {
            ByteWriter out = new ByteWriter(24 + owner.length());
            out.varint(token);
            out.varint(expiresAtMs);
            out.text(owner);
            return out.toBytes();
        }
    }

    private final IdempotencyWindow.Table table;
    private final History history;

    LockTable(IdempotencyWindow.Table table, History history) {
        this.table = table;
        this.history = history;
    }

    KvResult lock(KvCommand.Lock lock, ShardCounters counters) throws IOException {
        Optional<Held> before = held(lock.name());
        boolean mine = before.isPresent() && before.get().owner().equals(lock.owner());
        boolean live = before.isPresent() && before.get().expiresAtMs() > counters.timeMs;
        if (live && !mine) {
            Held other = before.get();
            return new KvResult.LockRefused(other.owner(), other.token(), other.expiresAtMs() - counters.timeMs);
        }
        before.ifPresent(old -> forget(lock.name(), old));
        boolean prolonged = live;
        long token = prolonged ? before.get().token() : ++counters.revision;
        Held after = new Held(token, counters.timeMs + lock.ttlMs(), lock.owner());
        byte[] row = Rows.key(Rows.LOCK, lock.name());
        if (!prolonged) {
            history.add(HistoryEvent.Kind.LOCKED, token, row);
        }
        table.put(row, after.toRow());
        table.put(Rows.lockExpiry(after.expiresAtMs(), lock.name()), Rows.number(token));
        return new KvResult.LockHeld(token, !prolonged);
    }

    KvResult unlock(KvCommand.Unlock unlock, ShardCounters counters) throws IOException {
        Optional<Held> before = held(unlock.name());
        if (before.isEmpty() || before.get().expiresAtMs() <= counters.timeMs) {
            return new KvResult.NotFound();
        }
        Held held = before.get();
        if (!held.owner().equals(unlock.owner())) {
            return new KvResult.LockRefused(held.owner(), held.token(), held.expiresAtMs() - counters.timeMs);
        }
        return free(unlock.name(), held, counters);
    }

    KvResult expire(KvCommand.ExpireLock expire, ShardCounters counters) throws IOException {
        Optional<Held> before = held(expire.name());
        if (before.isEmpty()) {
            return new KvResult.NotFound();
        }
        Held held = before.get();
        if (held.token() != expire.token() || held.expiresAtMs() > counters.timeMs) {
            return new KvResult.PreconditionFailed(held.token(), true);
        }
        return free(expire.name(), held, counters);
    }

    /** Nothing when the lock is held under the token of the fence, else the refusal. */
    Optional<KvResult> refusal(Fence fence, long timeMs) throws IOException {
        Optional<Held> held = held(fence.lock());
        boolean free = held.isEmpty() || held.get().expiresAtMs() <= timeMs;
        if (!free && held.get().token() == fence.token()) {
            return Optional.empty();
        }
        String now = free
                ? "is held by nobody now"
                : "is held under token " + held.get().token() + " now";
        return Optional.of(new KvResult.Rejected(
                ErrorCode.FENCED,
                "the lock that token " + fence.token() + " belongs to " + now + ", nothing was changed"));
    }

    private Optional<Held> held(String name) throws IOException {
        Optional<byte[]> row = table.read(Rows.key(Rows.LOCK, name));
        return row.isEmpty() ? Optional.empty() : Optional.of(Held.read(row.get()));
    }

    private KvResult free(String name, Held held, ShardCounters counters) {
        forget(name, held);
        history.add(HistoryEvent.Kind.UNLOCKED, ++counters.revision, Rows.key(Rows.LOCK, name));
        return new KvResult.Deleted(counters.revision);
    }

    private void forget(String name, Held held) {
        table.delete(Rows.key(Rows.LOCK, name));
        table.delete(Rows.lockExpiry(held.expiresAtMs(), name));
    }

    /** The name in the key of a {@link Rows#LOCK_EXPIRY} row. */
    static String nameOf(byte[] expiryRow) {
        int offset = 1 + Long.BYTES;
        return new String(expiryRow, offset, expiryRow.length - offset, StandardCharsets.UTF_8);
    }
}
