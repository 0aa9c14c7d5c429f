package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.ashlar.raft.state.TurnBatch;

/**
 * The keys of one shard, as the commands before have left them, and what a command does to them.
 *
 * <ol>
 *   <li>A command sees what this turn has done to a key, then what is known of keys that were written or checked lately, then the
 *       database: mostly one read per key, and never of the value, unless a transaction asks for it.
 *   <li>A precondition is checked before anything is changed.
 *   <li>A mutation takes the next revision and leaves an event in the history; a command that changes nothing takes none.
 *   <li>The row that says when a key expires is written and deleted together with the key.
 * </ol>
 *
 * <p>Engine thread only.
 */
final class KeyTable implements TxnRun.Keyspace {
    /** The shard as it is written, without this turn. */
    interface Database {
        /** Copies the beginning of a row into {@code into}; gives the length of all of it, -1 when there is none. */
        int readBeginning(byte[] key, byte[] into) throws IOException;

        Optional<Item> get(String key) throws IOException;

        /** Lets a search look at the rows; what it reads does not push out what others need. */
        RangeVictims find(RangeVictims search) throws IOException;
    }

    private final Database database;
    private final TurnBatch batch;
    private final History history;
    /** Keys that this turn has touched, as they are now. */
    private final Map<String, Touched> turn = new HashMap<>();

    private final RecentMetas recent;
    /** Stands for the database in {@link #recent}. */
    private int stateInRecent;

    private final byte[] metaBuffer = new byte[Rows.META_BYTES];
    private final byte[] headerBuffer = new byte[Rows.HEADER_BYTES];
    private ShardCounters counters = new ShardCounters();

    KeyTable(Database database, TurnBatch batch, History history, RecentMetas recent) {
        this.database = database;
        this.batch = batch;
        this.history = history;
        this.recent = recent;
        stateInRecent = recent.newState();
    }

    /** The rows were replaced. */
    void reset(ShardCounters current) {
        counters = current;
        turn.clear();
        stateInRecent = recent.newState();
    }

    /** The turn was written. */
    void written() {
        turn.forEach((key, touched) -> recent.put(stateInRecent, key, touched.meta()));
        turn.clear();
    }

    KvResult put(KvCommand.Put put) throws IOException {
        ItemMeta before = meta(put.key());
        if (!Precondition.holds(put.precondition(), before.revision())) {
            return new KvResult.PreconditionFailed(before.revision(), before.exists());
        }
        return write(put, before);
    }

    private KvResult.Written write(KvCommand.Put put, ItemMeta before) {
        byte[] row = Rows.key(Rows.DATA, put.key());
        long revision = ++counters.revision;
        ItemMeta after = new ItemMeta(
                revision,
                before.exists() ? before.createRevision() : revision,
                put.ttlMs() == 0 ? 0 : counters.timeMs + put.ttlMs());
        dropExpiry(before, row);
        if (after.expiresAtMs() != 0) {
            batch.put(Rows.expiry(after.expiresAtMs(), row), Rows.number(revision));
        }
        byte[] item = Rows.item(after, put.contentType(), put.value());
        batch.put(row, item);
        turn.put(put.key(), new Touched(after, item));
        history.put(revision, row, item);
        return new KvResult.Written(revision, !before.exists());
    }

    KvResult delete(KvCommand.Delete delete) throws IOException {
        ItemMeta before = meta(delete.key());
        if (!Precondition.holds(delete.precondition(), before.revision())) {
            return new KvResult.PreconditionFailed(before.revision(), before.exists());
        }
        return before.exists() ? remove(delete.key(), before) : new KvResult.NotFound();
    }

    KvResult expire(KvCommand.Expire expire) throws IOException {
        ItemMeta before = meta(expire.key());
        if (!before.exists()) {
            return new KvResult.NotFound();
        }
        boolean due = before.expiresAtMs() != 0 && before.expiresAtMs() <= counters.timeMs;
        if (before.revision() != expire.revision() || !due) {
            return new KvResult.PreconditionFailed(before.revision(), true);
        }
        return remove(expire.key(), before);
    }

    KvResult deleteRange(KvCommand.DeleteRange range) throws IOException {
        long boundary = range.boundary() == 0 ? counters.revision : range.boundary();
        RangeVictims found = database.find(new RangeVictims(range, turn));
        for (RangeVictims.Victim victim : found.victims()) {
            remove(Rows.text(victim.row()), victim.row(), victim.meta());
        }
        return new KvResult.RangeDeleted(found.victims().size(), boundary, found.lastKey());
    }

    private KvResult.Deleted remove(String key, ItemMeta before) {
        return remove(key, Rows.key(Rows.DATA, key), before);
    }

    private KvResult.Deleted remove(String key, byte[] row, ItemMeta before) {
        dropExpiry(before, row);
        batch.delete(row);
        turn.put(key, Touched.DELETED);
        history.add(HistoryEvent.Kind.DELETE, ++counters.revision, row);
        return new KvResult.Deleted(counters.revision);
    }

    private void dropExpiry(ItemMeta before, byte[] row) {
        if (before.expiresAtMs() != 0) {
            batch.delete(Rows.expiry(before.expiresAtMs(), row));
        }
    }

    @Override
    public ItemMeta meta(String key) throws IOException {
        Touched inTurn = turn.get(key);
        if (inTurn != null) {
            return inTurn.meta();
        }
        ItemMeta known = recent.get(stateInRecent, key);
        if (known != null) {
            return known;
        }
        int size = database.readBeginning(Rows.key(Rows.DATA, key), metaBuffer);
        ItemMeta read = size < 0 ? ItemMeta.ABSENT : Rows.meta(metaBuffer, Math.min(size, metaBuffer.length));
        // The compare of a transaction asks for what its steps ask for again.
        recent.put(stateInRecent, key, read);
        return read;
    }

    // ---- for transactions

    @Override
    public int valueBytes(String key) throws IOException {
        Touched inTurn = turn.get(key);
        if (inTurn == null) {
            int size = database.readBeginning(Rows.key(Rows.DATA, key), headerBuffer);
            return size < 0 ? -1 : Rows.valueBytes(headerBuffer, Math.min(size, headerBuffer.length), size);
        }
        byte[] row = inTurn.row();
        return inTurn.meta().exists() ? Rows.valueBytes(row, row.length, row.length) : -1;
    }

    @Override
    public Optional<Item> item(String key) throws IOException {
        Touched inTurn = turn.get(key);
        if (inTurn == null) {
            return database.get(key);
        }
        byte[] row = inTurn.row();
        return inTurn.meta().exists() ? Optional.of(Rows.item(key, row, row.length, true)) : Optional.empty();
    }

    @Override
    public KvResult.Written write(KvCommand.Put put) throws IOException {
        return write(put, meta(put.key()));
    }

    @Override
    public long delete(String key) throws IOException {
        ItemMeta before = meta(key);
        return before.exists() ? remove(key, before).revision() : 0;
    }

    @Override
    public long revision() {
        return counters.revision;
    }
}
