package dev.ashlar.store.kv;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
 * <p>All of it depends on the log alone (S3). What a command does to keys is in {@link KeyTable}, to locks in {@link LockTable}; what
 * readers see moves at the end of a turn.
 */
public final class KvStateMachine extends RocksStateMachine implements KvReader {
    /** The number of this layout of rows. */
    public static final int FORMAT_VERSION = 1;

    private final IdempotencyWindow idempotency;
    private final History history;
    private final LockTable locks;
    private final KeyTable keys;
    private final TxnRun transactions;

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
        TurnTable rows = new TurnTable();
        idempotency = new IdempotencyWindow(rows, answersMax, windowMs);
        history = new History(historyWindow, walk -> walkCold(walk::run));
        locks = new LockTable(rows, history);
        keys = new KeyTable(new WrittenKeys(), batch(), history, recent);
        transactions = new TxnRun(keys);
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
        keys.reset(counters);
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
            case KvCommand.Put put -> keys.put(put);
            case KvCommand.Delete delete -> keys.delete(delete);
            case KvCommand.Expire expire -> keys.expire(expire);
            case KvCommand.Txn txn ->
                transactions.run(txn, !envelope.idempotencyKey().isEmpty() && !txn.readsOnly());
            case KvCommand.DeleteRange range -> keys.deleteRange(range);
            case KvCommand.Lock lock -> locks.lock(lock, counters);
            case KvCommand.Unlock unlock -> locks.unlock(unlock, counters);
            case KvCommand.ExpireLock expire -> locks.expire(expire, counters);
        };
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
        keys.written();
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

    /** The keys without this turn's changes. */
    private final class WrittenKeys implements KeyTable.Database {
        @Override
        public int readBeginning(byte[] key, byte[] into) throws IOException {
            return KvStateMachine.this.readBeginning(key, into);
        }

        @Override
        public Optional<Item> get(String key) throws IOException {
            return KvStateMachine.this.get(key);
        }

        @Override
        public RangeVictims find(RangeVictims search) throws IOException {
            return walkCold(search::find);
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
        return walk(iterator -> Expiries.due(iterator, nowMs, max));
    }

    @Override
    public long nextExpiryMs() throws IOException {
        return walk(Expiries::nextMs);
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
