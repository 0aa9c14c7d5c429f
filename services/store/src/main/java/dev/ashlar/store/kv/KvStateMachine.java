package dev.ashlar.store.kv;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

import org.rocksdb.RocksIterator;

import dev.ashlar.common.Limits;
import dev.ashlar.raft.Command;
import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.state.RocksResources;
import dev.ashlar.raft.state.RocksStateMachine;
import dev.ashlar.raft.state.StateChecksum;
import dev.ashlar.raft.state.StateView;

/**
 * The keys of one shard.
 *
 * <ol>
 *   <li>The shard's time becomes the command's stamp, unless it is past that already.
 *   <li>A request whose idempotency key has an answer gets that answer and does nothing (S4).
 *   <li>The precondition is checked against the key as the commands before it left it, those of this turn included.
 *   <li>A mutation takes the next revision, a command that changes nothing takes none: revisions are gapless.
 * </ol>
 *
 * <p>All of it depends on the log alone (S3). The database is read at most once per key and turn, not at all for
 * keys that were written lately, and never its value.
 */
public final class KvStateMachine extends RocksStateMachine implements KvReader {
    /** The number of this layout of rows. */
    public static final int FORMAT_VERSION = 1;

    private static final byte[] EXPIRIES = {Rows.EXPIRY, Rows.LOCK_EXPIRY};

    private final IdempotencyWindow idempotency;
    /** Keys that this turn has touched, as they are now. */
    private final Map<String, Touched> turn = new HashMap<>();

    private final History history;
    private final LockTable locks;
    private final TxnRun transactions = new TxnRun(new TurnKeys());

    private final RecentMetas recent;
    /** Stands for the database in {@link #recent}. */
    private Object stateInRecent = new Object();

    private final byte[] metaBuffer = new byte[Rows.META_BYTES];
    private final byte[] headerBuffer = new byte[Rows.HEADER_BYTES];
    private ShardCounters counters = new ShardCounters();
    private boolean countersChanged;
    private volatile long visibleRevision;
    private volatile long visibleTimeMs;
    private volatile long visibleHistoryFirst;
    private volatile Runnable listener;
    /** The state at a {@link VerifyCommand}, until somebody takes it. */
    private final AtomicReference<KvView> dueVerification = new AtomicReference<>();

    private KvStateMachine(
            RocksResources resources,
            RecentMetas recent,
            Path directory,
            long answersMax,
            long windowMs,
            History.Window historyWindow)
            throws IOException {
        super(resources, directory, FORMAT_VERSION);
        this.recent = recent;
        TurnTable rows = new TurnTable();
        idempotency = new IdempotencyWindow(rows, answersMax, windowMs);
        history = new History(historyWindow, walk -> walk(walk::run));
        locks = new LockTable(rows, history);
        open();
    }

    /**
     * Opens the replica's state below a directory of its own, or creates it.
     *
     * @param recent shared by the replicas of a process, which one thread applies to
     */
    public static KvStateMachine open(RocksResources resources, RecentMetas recent, Path directory) throws IOException {
        return new KvStateMachine(
                resources,
                recent,
                directory,
                Limits.IDEMPOTENCY_KEYS_PER_SHARD_MAX,
                Limits.IDEMPOTENCY_WINDOW_MS,
                History.Window.DEFAULT);
    }

    /** With another idempotency window: all replicas must have the same. */
    static KvStateMachine open(RocksResources resources, Path directory, long answersMax, long windowMs)
            throws IOException {
        return open(resources, directory, answersMax, windowMs, History.Window.DEFAULT);
    }

    /** With another history too. */
    static KvStateMachine open(
            RocksResources resources, Path directory, long answersMax, long windowMs, History.Window historyWindow)
            throws IOException {
        return new KvStateMachine(resources, new RecentMetas(), directory, answersMax, windowMs, historyWindow);
    }

    // ---- applying

    @Override
    protected void load() throws IOException {
        Optional<byte[]> row = readWritten(Rows.COUNTERS);
        counters = row.isPresent() ? ShardCounters.read(row.get()) : new ShardCounters();
        countersChanged = false;
        turn.clear();
        stateInRecent = new Object();
        idempotency.reset();
        history.reset();
    }

    @Override
    protected void applyEntry(LogEntry entry) throws IOException {
        transactions.beginEntry();
        boolean submittedHere = !entry.origins().isEmpty();
        for (int i = 0; i < entry.commands().size(); i++) {
            Command origin = submittedHere ? entry.origins().get(i) : null;
            if (origin instanceof KvSubmission submission) {
                KvResult result = apply(submission.envelope());
                tellAfterWrite(submission, () -> submission.applied(result));
            } else if (VerifyCommand.is(entry.commands().get(i))) {
                viewAfterEntry(view -> keepForVerification(entry.index(), view));
            } else {
                Optional<KvEnvelope> envelope =
                        KvCommandCodec.decode(entry.commands().get(i));
                if (envelope.isPresent()) {
                    apply(envelope.get());
                }
                // What this version does not know changes nothing. Nobody waits for it here.
            }
        }
        countersChanged |= history.endOfEntry(counters, batch());
    }

    /** Of two that nobody has taken yet the first stays: a verification that cannot keep up leaves some out. */
    private void keepForVerification(long index, StateView view) {
        KvView due = new KvView(this, view, index, counters.revision, counters.timeMs);
        if (!dueVerification.compareAndSet(null, due)) {
            due.close();
        }
    }

    private KvResult apply(KvEnvelope envelope) throws IOException {
        countersChanged = true;
        counters.timeMs = Math.max(counters.timeMs, envelope.stampMs());
        idempotency.prune(counters);
        if (envelope.idempotencyKey().isEmpty()) {
            return execute(envelope);
        }
        Optional<KvResult> before = idempotency.recall(envelope, counters.timeMs);
        if (before.isPresent()) {
            return before.get();
        }
        KvResult result = execute(envelope);
        if (IdempotencyWindow.keeps(envelope.command(), result)) {
            idempotency.remember(envelope, result, counters);
        }
        return result;
    }

    private KvResult execute(KvEnvelope envelope) throws IOException {
        if (envelope.fence().isPresent()) {
            Optional<KvResult> refusal = locks.refusal(envelope.fence().get(), counters.timeMs);
            if (refusal.isPresent()) {
                return refusal.get();
            }
        }
        return switch (envelope.command()) {
            case KvCommand.Put put -> put(put);
            case KvCommand.Delete delete -> delete(delete);
            case KvCommand.Expire expire -> expire(expire);
            case KvCommand.Txn txn ->
                transactions.run(txn, !envelope.idempotencyKey().isEmpty() && !txn.readsOnly());
            case KvCommand.DeleteRange range -> deleteRange(range);
            case KvCommand.Lock lock -> locks.lock(lock, counters);
            case KvCommand.Unlock unlock -> locks.unlock(unlock, counters);
            case KvCommand.ExpireLock expire -> locks.expire(expire, counters);
        };
    }

    private KvResult put(KvCommand.Put put) throws IOException {
        byte[] row = Rows.key(Rows.DATA, put.key());
        ItemMeta before = meta(put.key(), row);
        if (!Precondition.holds(put.precondition(), before.revision())) {
            return new KvResult.PreconditionFailed(before.revision(), before.exists());
        }
        return write(put, row, before);
    }

    private KvResult.Written write(KvCommand.Put put, byte[] row, ItemMeta before) {
        long revision = ++counters.revision;
        ItemMeta after = new ItemMeta(
                revision,
                before.exists() ? before.createRevision() : revision,
                put.ttlMs() == 0 ? 0 : counters.timeMs + put.ttlMs());
        dropExpiry(before, row);
        if (after.expiresAtMs() != 0) {
            batch().put(Rows.expiry(after.expiresAtMs(), row), Rows.number(revision));
        }
        byte[] item = Rows.item(after, put.contentType(), put.value());
        batch().put(row, item);
        turn.put(put.key(), new Touched(after, item));
        history.put(revision, row, item);
        return new KvResult.Written(revision, !before.exists());
    }

    private KvResult delete(KvCommand.Delete delete) throws IOException {
        byte[] row = Rows.key(Rows.DATA, delete.key());
        ItemMeta before = meta(delete.key(), row);
        if (!Precondition.holds(delete.precondition(), before.revision())) {
            return new KvResult.PreconditionFailed(before.revision(), before.exists());
        }
        return before.exists() ? remove(delete.key(), row, before) : new KvResult.NotFound();
    }

    private KvResult expire(KvCommand.Expire expire) throws IOException {
        byte[] row = Rows.key(Rows.DATA, expire.key());
        ItemMeta before = meta(expire.key(), row);
        if (!before.exists()) {
            return new KvResult.NotFound();
        }
        boolean due = before.expiresAtMs() != 0 && before.expiresAtMs() <= counters.timeMs;
        if (before.revision() != expire.revision() || !due) {
            return new KvResult.PreconditionFailed(before.revision(), true);
        }
        return remove(expire.key(), row, before);
    }

    private KvResult deleteRange(KvCommand.DeleteRange range) throws IOException {
        long boundary = range.boundary() == 0 ? counters.revision : range.boundary();
        RangeVictims found = walkCold(new RangeVictims(range, turn)::find);
        for (RangeVictims.Victim victim : found.victims()) {
            remove(Rows.text(victim.row()), victim.row(), victim.meta());
        }
        return new KvResult.RangeDeleted(found.victims().size(), boundary, found.lastKey());
    }

    private KvResult.Deleted remove(String key, byte[] row, ItemMeta before) {
        dropExpiry(before, row);
        batch().delete(row);
        turn.put(key, Touched.DELETED);
        history.add(HistoryEvent.Kind.DELETE, ++counters.revision, row);
        return new KvResult.Deleted(counters.revision);
    }

    private void dropExpiry(ItemMeta before, byte[] row) {
        if (before.expiresAtMs() != 0) {
            batch().delete(Rows.expiry(before.expiresAtMs(), row));
        }
    }

    private ItemMeta meta(String key, byte[] row) throws IOException {
        Touched inTurn = turn.get(key);
        if (inTurn != null) {
            return inTurn.meta();
        }
        ItemMeta known = recent.get(stateInRecent, key);
        if (known != null) {
            return known;
        }
        int size = readBeginning(row, metaBuffer);
        return size < 0 ? ItemMeta.ABSENT : Rows.meta(metaBuffer, Math.min(size, metaBuffer.length));
    }

    @Override
    protected void beforeWrite() {
        if (countersChanged) {
            batch().put(Rows.COUNTERS, counters.toRow());
            countersChanged = false;
        }
    }

    @Override
    protected void afterWrite() {
        turn.forEach((key, touched) -> recent.put(stateInRecent, key, touched.meta()));
        turn.clear();
        history.written();
        visibleTimeMs = counters.timeMs;
        visibleHistoryFirst = counters.historyFirst;
        boolean changed = visibleRevision != counters.revision;
        visibleRevision = counters.revision;
        Runnable told = listener;
        if (changed && told != null) {
            told.run();
        }
    }

    /** The rows that idempotency needs, seen with this turn's changes. */
    private final class TurnTable implements IdempotencyWindow.Table {
        @Override
        public Optional<byte[]> read(byte[] key) throws IOException {
            return KvStateMachine.this.read(key);
        }

        @Override
        public void put(byte[] key, byte[] value) {
            KvStateMachine.this.put(key, value);
        }

        @Override
        public void delete(byte[] key) {
            KvStateMachine.this.delete(key);
        }
    }

    /** The keys that a transaction works on, seen with this turn's changes. */
    private final class TurnKeys implements TxnRun.Keyspace {
        @Override
        public ItemMeta meta(String key) throws IOException {
            return KvStateMachine.this.meta(key, Rows.key(Rows.DATA, key));
        }

        @Override
        public int valueBytes(String key) throws IOException {
            Touched inTurn = turn.get(key);
            if (inTurn == null) {
                int size = readBeginning(Rows.key(Rows.DATA, key), headerBuffer);
                return size < 0 ? -1 : Rows.valueBytes(headerBuffer, Math.min(size, headerBuffer.length), size);
            }
            byte[] row = inTurn.row();
            return inTurn.meta().exists() ? Rows.valueBytes(row, row.length, row.length) : -1;
        }

        @Override
        public Optional<Item> item(String key) throws IOException {
            Touched inTurn = turn.get(key);
            if (inTurn == null) {
                return get(key);
            }
            byte[] row = inTurn.row();
            return inTurn.meta().exists() ? Optional.of(Rows.item(key, row, row.length, true)) : Optional.empty();
        }

        @Override
        public KvResult.Written write(KvCommand.Put put) throws IOException {
            byte[] row = Rows.key(Rows.DATA, put.key());
            return KvStateMachine.this.write(put, row, KvStateMachine.this.meta(put.key(), row));
        }

        @Override
        public long delete(String key) throws IOException {
            byte[] row = Rows.key(Rows.DATA, key);
            ItemMeta before = KvStateMachine.this.meta(key, row);
            return before.exists() ? remove(key, row, before).revision() : 0;
        }

        @Override
        public long revision() {
            return counters.revision;
        }
    }

    // ---- reading

    @Override
    public Optional<Item> get(String key) throws IOException {
        Optional<byte[]> row = readWritten(Rows.key(Rows.DATA, key));
        return row.isEmpty() ? Optional.empty() : Optional.of(Rows.item(key, row.get(), row.get().length, true));
    }

    @Override
    public ScanPage scan(ScanRequest request) throws IOException {
        KvScan scan = new KvScan(request);
        return walk(scan::run);
    }

    @Override
    public long revision() {
        return visibleRevision;
    }

    @Override
    public HistoryRows history(long after, int bytesMax) throws IOException {
        if (after < visibleRevision && after + 1 < visibleHistoryFirst) {
            return new HistoryRows(List.of(), visibleRevision, true);
        }
        return after >= visibleRevision
                ? new HistoryRows(List.of(), visibleRevision, false)
                : walk(iterator -> History.read(iterator, after, bytesMax));
    }

    @Override
    public long historyFirst() {
        return visibleHistoryFirst;
    }

    @Override
    public void listen(Runnable changed) {
        listener = changed;
    }

    @Override
    public long timeMs() {
        return visibleTimeMs;
    }

    @Override
    public List<KvCommand> dueExpiries(long nowMs, int max) throws IOException {
        return walk(iterator -> {
            List<KvCommand> due = new ArrayList<>();
            for (byte kind : EXPIRIES) {
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
        });
    }

    @Override
    public long nextExpiryMs() throws IOException {
        return walk(iterator -> {
            long next = Long.MAX_VALUE;
            for (byte kind : EXPIRIES) {
                iterator.seek(new byte[] {kind});
                next = at(iterator, kind) ? Math.min(next, Rows.expiresAtMs(iterator.key())) : next;
            }
            return next;
        });
    }

    private static boolean at(RocksIterator iterator, byte kind) {
        return iterator.isValid() && iterator.key()[0] == kind;
    }

    @Override
    public Optional<KvView> takeVerification() {
        return Optional.ofNullable(dueVerification.getAndSet(null));
    }

    @Override
    public KvView view() throws IOException {
        StateView view = openView();
        try {
            ShardCounters then = walk(view, iterator -> {
                iterator.seek(Rows.COUNTERS);
                boolean counted = iterator.isValid() && Arrays.equals(iterator.key(), Rows.COUNTERS);
                return counted ? ShardCounters.read(iterator.value()) : new ShardCounters();
            });
            return new KvView(this, view, 0, then.revision, then.timeMs);
        } catch (IOException | RuntimeException e) {
            view.close();
            throw e;
        }
    }

    <T> T walkView(StateView view, ViewWalk<T> part) throws IOException {
        return walk(view, part::walk);
    }

    StateChecksum checksumOf(StateView view, LongConsumer pace) throws IOException {
        return checksum(view, pace);
    }

    /** As {@code Walk} of the base class, for this package. */
    @FunctionalInterface
    interface ViewWalk<T> {
        T walk(RocksIterator iterator) throws IOException;
    }

    /** Reads all items; takes as long as the disk needs. Fails when the state is closed or replaced meanwhile. */
    public KvChecksum itemsChecksum() throws IOException {
        try (KvView view = view()) {
            return view.itemsChecksum();
        }
    }
}
