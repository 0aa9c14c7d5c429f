package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import org.rocksdb.RocksIterator;

import dev.ashlar.common.Limits;
import dev.ashlar.raft.state.TurnBatch;

/**
 * Keeps what happened to a shard for those who watch it.
 *
 * <ol>
 *   <li>Every mutation leaves one event; those of one log entry are one row: {@code varint time, varint count}, then per
 *       event its kind, its key, and for a put the item as it is stored. Revisions are gapless, so the row's key, the
 *       revision of its first event, says them all.
 *   <li>It is a part of the applied state: every replica has the same history, a snapshot carries it, a restart keeps it.
 *   <li>Kept are the newest events up to a number, a size and an age, by the shard's time. What is beyond goes row by row
 *       when an entry is applied, a bounded number at a time; so what is kept depends on the log alone (S3). The newest
 *       row always stays.
 * </ol>
 *
 * <p>Engine thread only, but for {@link #read}.
 */
final class History {
    /** What is kept: the newest events within all three. All replicas must have the same. */
    record Window(long eventsMax, long bytesMax, long ageMs) {
        static final Window DEFAULT =
                new Window(Limits.HISTORY_EVENTS_MAX, Limits.HISTORY_BYTES_MAX, Limits.HISTORY_WINDOW_MS);
    }

    /** Runs a walk over what is written. */
    interface Database {
        List<RowMeta> walk(Walk walk) throws IOException;

        /** See {@link #walk}. */
        @FunctionalInterface
        interface Walk {
            List<RowMeta> run(RocksIterator iterator) throws IOException;
        }
    }

    /** A row without its events. */
    record RowMeta(long first, long count, long bytes, long timeMs) {}

    private static final int PRUNED_PER_ENTRY_MAX = 512;
    private static final int LOOK_AHEAD_ROWS = 512;
    /** Rows are read whole, and the engine thread waits for it. */
    private static final int LOOK_AHEAD_BYTES = 1 << 20;

    /** Two varints. */
    private static final int HEADER_BYTES = 20;

    private final Window window;
    private final Database database;
    /** The oldest rows that are kept, without a gap: spares a read per entry. Follows from the rows. */
    private final Deque<RowMeta> oldest = new ArrayDeque<>();
    /** The rows of this turn, which the database does not have yet. */
    private final List<RowMeta> turn = new ArrayList<>();

    private ByteWriter events = new ByteWriter(1024);
    private long first;
    private long count;

    History(Window window, Database database) {
        this.window = window;
        this.database = database;
    }

    /** The rows were replaced. */
    void reset() {
        oldest.clear();
        turn.clear();
        events = new ByteWriter(1024);
        count = 0;
    }

    /** The turn was written. */
    void written() {
        turn.clear();
    }

    void put(long revision, byte[] dataRow, byte[] item) {
        add(HistoryEvent.Kind.PUT, revision, dataRow);
        events.block(item);
    }

    /** @param row the key of a row whose text begins after its first byte */
    void add(HistoryEvent.Kind kind, long revision, byte[] row) {
        if (count++ == 0) {
            first = revision;
        }
        events.one(kind.ordinal());
        events.varint(row.length - 1L);
        events.raw(row, 1, row.length - 1);
    }

    /** Writes the row of an entry, and forgets what is beyond the window. Says whether the counters have changed. */
    boolean endOfEntry(ShardCounters counters, TurnBatch batch) throws IOException {
        boolean written = count > 0;
        if (written) {
            ByteWriter row = new ByteWriter(
                    ByteWriter.varintBytes(counters.timeMs) + ByteWriter.varintBytes(count) + events.size());
            row.varint(counters.timeMs);
            row.varint(count);
            row.raw(events);
            byte[] bytes = row.toBytes();
            batch.put(Rows.history(first), bytes);
            turn.add(new RowMeta(first, count, bytes.length, counters.timeMs));
            if (counters.historyFirst == 0) {
                counters.historyFirst = first;
            }
            counters.historyBytes += bytes.length;
            events.clear();
            count = 0;
        }
        long before = counters.historyBytes;
        prune(counters, batch);
        return written || counters.historyBytes != before;
    }

    private void prune(ShardCounters counters, TurnBatch batch) throws IOException {
        for (int i = 0; i < PRUNED_PER_ENTRY_MAX && counters.historyFirst != 0; i++) {
            RowMeta row = oldest(counters.historyFirst, counters.revision);
            boolean newest = row.first() + row.count() > counters.revision;
            boolean over = counters.revision - row.first() + 1 > window.eventsMax()
                    || counters.historyBytes > window.bytesMax()
                    || row.timeMs() + window.ageMs() <= counters.timeMs;
            if (newest || !over) {
                return;
            }
            batch.delete(Rows.history(row.first()));
            counters.historyFirst = row.first() + row.count();
            counters.historyBytes -= row.bytes();
            oldest.removeFirst();
        }
    }

    private RowMeta oldest(long from, long revision) throws IOException {
        if (oldest.isEmpty()) {
            long written = turn.isEmpty() ? revision : turn.getFirst().first() - 1;
            oldest.addAll(database.walk(iterator -> metas(iterator, from, written)));
        }
        if (oldest.isEmpty()) {
            turn.stream().filter(row -> row.first() >= from).forEach(oldest::add);
        }
        if (oldest.isEmpty() || oldest.getFirst().first() != from) {
            throw new IOException("the history has no row for revision " + from);
        }
        return oldest.getFirst();
    }

    private static List<RowMeta> metas(RocksIterator iterator, long from, long writtenRevision) throws IOException {
        List<RowMeta> metas = new ArrayList<>();
        byte[] header = new byte[HEADER_BYTES];
        int bytes = 0;
        iterator.seek(Rows.history(from));
        while (at(iterator)) {
            int size = iterator.value(header);
            ByteReader in = new ByteReader(header, 0, Math.min(size, header.length));
            long timeMs = in.varint();
            RowMeta row = Rows.good(in, new RowMeta(Rows.historyFirst(iterator.key()), in.varint(), size, timeMs));
            metas.add(row);
            bytes += size;
            // Not a step further than needed: it would read a block for nothing, or walk over deleted rows.
            boolean newest = row.first() + row.count() > writtenRevision;
            if (newest || metas.size() == LOOK_AHEAD_ROWS || bytes >= LOOK_AHEAD_BYTES) {
                break;
            }
            iterator.next();
        }
        return metas;
    }

    private static boolean at(RocksIterator iterator) {
        return iterator.isValid() && iterator.key()[0] == Rows.HISTORY;
    }

    /** Rows from the one that holds the event after {@code after}, up to a size or a single larger one. Any thread. */
    static HistoryRows read(RocksIterator iterator, long after, int bytesMax) throws IOException {
        iterator.seek(Rows.COUNTERS);
        boolean counted = iterator.isValid() && java.util.Arrays.equals(iterator.key(), Rows.COUNTERS);
        ShardCounters counters = counted ? ShardCounters.read(iterator.value()) : new ShardCounters();
        List<HistoryRows.Row> rows = new ArrayList<>();
        if (after >= counters.revision) {
            return new HistoryRows(rows, counters.revision, false);
        }
        if (counters.historyFirst == 0 || after + 1 < counters.historyFirst) {
            return new HistoryRows(rows, counters.revision, true);
        }
        long bytes = 0;
        iterator.seekForPrev(Rows.history(after + 1));
        for (long last = after; last < counters.revision && bytes < bytesMax; ) {
            // Never a step beyond the newest row: the rows behind it, like those of released locks, may all be deleted
            // ones, and the walk over them would cost more than the rest.
            if (!at(iterator)) {
                throw new IOException("the history has no row for revision " + (last + 1));
            }
            HistoryRows.Row row = new HistoryRows.Row(Rows.historyFirst(iterator.key()), iterator.value());
            if (!rows.isEmpty() && row.first() != last + 1) {
                throw new IOException("the history has no row for revision " + (last + 1));
            }
            bytes += row.bytes().length;
            rows.add(row);
            last = row.last();
            if (last < counters.revision) {
                iterator.next();
            }
        }
        return new HistoryRows(rows, counters.revision, false);
    }
}
