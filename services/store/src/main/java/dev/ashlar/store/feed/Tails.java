package dev.ashlar.store.feed;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

import dev.ashlar.store.kv.HistoryEvent;
import dev.ashlar.store.kv.HistoryRows;
import dev.ashlar.store.replica.Replica;

/**
 * Follows the history of every shard.
 *
 * <ol>
 *   <li>A shard is begun at its present revision. From then on its events are given out one by one; each must follow the
 *       one before it, else the shard counts as compacted.
 *   <li>The local replica says when there is something new. Another store is asked, more often while things happen.
 *   <li>The newest rows of each shard stay in memory, up to a size, for those who are a little behind ({@link CatchUp}).
 * </ol>
 *
 * <p>The feed's thread only.
 */
final class Tails {
    /** Takes the events; {@link #at} says then that this one is past. */
    interface Events {
        void event(int shard, HistoryEvent event);
    }

    private static final int READ_BYTES_MAX = 256 << 10;
    /** What is kept in memory of a shard, and of all shards together. */
    private static final long RECENT_BYTES_MAX = 128 << 10;

    private static final long RECENT_BYTES_TOGETHER_MAX = 4 << 20;
    private static final long ASK_NANOS_MIN = 5_000_000;
    private static final long ASK_NANOS_MAX = 80_000_000;
    private static final long UNKNOWN = -1;

    private final RowSource source;
    private final Runnable signal;
    private final long[] at;
    private final CompletableFuture<?>[] reading;
    private final long[] askNanos;
    private final long[] askIntervalNanos;
    private final long[] heardNanos;
    private final RecentRows[] recent;

    Tails(RowSource source, int shards, Runnable signal) {
        this.source = source;
        this.signal = signal;
        at = new long[shards];
        reading = new CompletableFuture<?>[shards];
        askNanos = new long[shards];
        askIntervalNanos = new long[shards];
        heardNanos = new long[shards];
        long recentBytesMax = Math.min(RECENT_BYTES_MAX, RECENT_BYTES_TOGETHER_MAX / shards);
        recent = IntStream.range(0, shards)
                .mapToObj(shard -> new RecentRows(recentBytesMax))
                .toArray(RecentRows[]::new);
        reset();
    }

    /** Forgets where the shards stand: the next look begins anew. */
    void reset() {
        Arrays.fill(at, UNKNOWN);
        Arrays.fill(reading, null);
        Arrays.fill(askNanos, System.nanoTime());
        Arrays.fill(heardNanos, System.nanoTime());
        Arrays.stream(recent).forEach(RecentRows::clear);
    }

    /** The revision of each shard whose events were all given out; -1 while it is not known. Not to be changed. */
    long[] at() {
        return at;
    }

    /** The rows from the one that holds the event after a revision up to {@link #at}; nothing when they do not reach back so far. */
    Optional<HistoryRows> recent(int shard, long after) {
        List<HistoryRows.Row> rows = recent[shard].from(after + 1);
        return rows.isEmpty() ? Optional.empty() : Optional.of(new HistoryRows(rows, at[shard], false));
    }

    /** Whether it is known where the shards stand that matter to a watch. */
    boolean known(Filter filter) {
        for (int shard = 0; shard < at.length; shard++) {
            if (filter.concerns(shard) && at[shard] == UNKNOWN) {
                return false;
            }
        }
        return true;
    }

    /** Gives out what is new; says whether there was anything. */
    boolean advance(long nowNanos, Events events, IntConsumer compacted) {
        boolean any = false;
        for (int shard = 0; shard < at.length; shard++) {
            any |= advance(shard, nowNanos, events, compacted);
        }
        return any;
    }

    private boolean advance(int shard, long nowNanos, Events events, IntConsumer compacted) {
        if (reading[shard] == null) {
            begin(shard, nowNanos);
        }
        if (reading[shard] == null || !reading[shard].isDone()) {
            return false;
        }
        CompletableFuture<?> done = reading[shard];
        reading[shard] = null;
        try {
            HistoryRows rows = (HistoryRows) done.join();
            heardNanos[shard] = nowNanos;
            boolean news = take(shard, rows, events, compacted);
            askIntervalNanos[shard] =
                    news ? ASK_NANOS_MIN : Math.clamp(askIntervalNanos[shard] * 2, ASK_NANOS_MIN, ASK_NANOS_MAX);
            askNanos[shard] = nowNanos + askIntervalNanos[shard];
            return news;
        } catch (CompletionException | IOException unreadable) {
            askNanos[shard] = nowNanos + ASK_NANOS_MAX;
            return false;
        }
    }

    private void begin(int shard, long nowNanos) {
        Optional<Replica> local = source.local(shard);
        if (local.isPresent()) {
            local.get().kv().listen(signal);
            long revision = local.get().kv().revision();
            if (at[shard] == UNKNOWN) {
                at[shard] = revision;
            }
            heardNanos[shard] = nowNanos;
            if (revision > at[shard]) {
                reading[shard] = source.read(shard, at[shard], READ_BYTES_MAX);
            }
        } else if (askNanos[shard] - nowNanos <= 0) {
            long after = at[shard] == UNKNOWN ? Long.MAX_VALUE : at[shard];
            reading[shard] = source.read(shard, after, READ_BYTES_MAX);
            reading[shard].whenComplete((rows, failed) -> signal.run());
        }
    }

    private boolean take(int shard, HistoryRows rows, Events events, IntConsumer compacted) throws IOException {
        if (at[shard] == UNKNOWN) {
            at[shard] = rows.revision();
            return true;
        }
        List<HistoryEvent> news = rows.after(at[shard]);
        if (rows.compacted() || (!news.isEmpty() && news.getFirst().revision() != at[shard] + 1)) {
            at[shard] = rows.revision();
            recent[shard].clear();
            compacted.accept(shard);
            return true;
        }
        for (HistoryEvent event : news) {
            at[shard] = event.revision();
            events.event(shard, event);
        }
        recent[shard].add(rows.rows());
        return !news.isEmpty();
    }

    /** The shards of which nothing has been heard for so long. */
    int[] lost(long nowNanos, long afterNanos) {
        return IntStream.range(0, at.length)
                .filter(shard -> nowNanos - heardNanos[shard] > afterNanos)
                .toArray();
    }
}
