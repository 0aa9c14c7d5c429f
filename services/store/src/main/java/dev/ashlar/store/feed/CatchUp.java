package dev.ashlar.store.feed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

import io.vertx.core.buffer.Buffer;

import dev.ashlar.store.kv.HistoryEvent;
import dev.ashlar.store.kv.HistoryRows;
import dev.ashlar.store.replica.Replica;

/**
 * The watches that are behind the feed: each reads the history from its own position, a bounded part at a time and only
 * while its client takes what it gets and there is room for it, up to where the feed stands. There it joins. The feed's thread only.
 */
final class CatchUp {
    /** What one watch may have unsent. */
    static final long UNSENT_BYTES_MAX = 1 << 20;

    private static final long UNSENT_BYTES_FOR_MORE = 256 << 10;
    private static final int READ_BYTES_MAX = 128 << 10;
    /** A client that has taken nothing for so long is gone, or might as well be. */
    private static final long STUCK_NANOS_MAX = 300_000_000_000L;
    /** A cursor that is ahead of a fresh replica for so long is not of this history. */
    private static final long AHEAD_NANOS_MAX = 20_000_000_000L;

    private final RowSource source;
    private final Tails tails;
    private final UnsentBytes together;
    private final Function<long[], String> cursor;
    private List<Subscription> behind = new ArrayList<>();

    CatchUp(RowSource source, Tails tails, UnsentBytes together, Function<long[], String> cursor) {
        this.source = source;
        this.tails = tails;
        this.together = together;
        this.cursor = cursor;
    }

    void add(Subscription subscription) {
        subscription.stuckSinceNanos = 0;
        behind.add(subscription);
    }

    boolean isEmpty() {
        return behind.isEmpty();
    }

    int size() {
        return behind.size();
    }

    void sweep() {
        behind.removeIf(Subscription::closed);
    }

    /** Lets each go on by one part; those that are level are given to {@code level}. Says whether anything moved. */
    boolean run(long nowNanos, Consumer<Subscription> level) {
        boolean any = false;
        List<Subscription> still = new ArrayList<>(behind.size());
        for (Subscription subscription : behind) {
            if (subscription.closed()) {
                continue;
            }
            Step step = step(subscription, nowNanos);
            any |= step != Step.WAITS;
            switch (step) {
                case LEVEL -> level.accept(subscription);
                case MOVED, WAITS -> still.add(subscription);
                case OVER -> {}
            }
        }
        behind = still;
        return any;
    }

    private enum Step {
        WAITS,
        MOVED,
        LEVEL,
        OVER
    }

    private Step step(Subscription subscription, long nowNanos) {
        if (!tails.known(subscription.filter)) {
            return Step.WAITS;
        }
        long[] at = tails.at();
        if (subscription.position.length == 0) {
            subscription.position = at.clone();
        }
        long[] position = subscription.position;
        if (!subscription.opened) {
            OptionalInt forgotten = forgotten(subscription);
            if (forgotten.isPresent()) {
                compacted(subscription, forgotten.getAsInt());
                return Step.OVER;
            }
        }
        if (subscription.unsentBytes() > UNSENT_BYTES_FOR_MORE) {
            return stuck(subscription, nowNanos);
        }
        subscription.stuckSinceNanos = 0;
        if (!together.fits(subscription, READ_BYTES_MAX)) {
            // What has been read is read again: rows that wait here would be bytes that nobody counts.
            subscription.reading = null;
            return Step.WAITS;
        }
        boolean ahead = false;
        for (int shard = 0; shard < at.length; shard++) {
            if (!subscription.filter.concerns(shard)) {
                position[shard] = Math.max(position[shard], at[shard]);
            } else if (position[shard] < at[shard]) {
                return read(subscription, shard);
            } else if (position[shard] > at[shard]) {
                ahead = true;
            }
        }
        open(subscription);
        if (!ahead) {
            return Step.LEVEL;
        }
        if (nowNanos - subscription.sinceNanos > AHEAD_NANOS_MAX) {
            subscription.finish(() -> subscription.sink.compacted(
                    "the cursor is ahead of what this cluster has. Read the present state and watch from there"));
            return Step.OVER;
        }
        return Step.WAITS;
    }

    /** A shard whose local history does not reach back to the position: known before anything is told. */
    private OptionalInt forgotten(Subscription subscription) {
        for (int shard = 0; shard < subscription.position.length; shard++) {
            long at = subscription.position[shard];
            boolean gone = subscription.filter.concerns(shard)
                    && source.local(shard)
                            .map(Replica::kv)
                            .filter(kv -> at < kv.revision() && at + 1 < kv.historyFirst())
                            .isPresent();
            if (gone) {
                return OptionalInt.of(shard);
            }
        }
        return OptionalInt.empty();
    }

    private static Step stuck(Subscription subscription, long nowNanos) {
        if (subscription.stuckSinceNanos == 0) {
            subscription.stuckSinceNanos = nowNanos;
        } else if (nowNanos - subscription.stuckSinceNanos > STUCK_NANOS_MAX) {
            subscription.finish(() -> subscription.sink.tooSlow("the client has taken nothing for five minutes"));
            return Step.OVER;
        }
        return Step.WAITS;
    }

    private Step read(Subscription subscription, int shard) {
        if (subscription.reading == null) {
            subscription.reading = source.read(shard, subscription.position[shard], READ_BYTES_MAX);
            subscription.readingShard = shard;
        }
        if (!subscription.reading.isDone()) {
            return Step.WAITS;
        }
        try {
            HistoryRows rows = subscription.reading.join();
            if (subscription.readingShard != shard) {
                return Step.MOVED;
            }
            return take(subscription, shard, rows);
        } catch (CompletionException | IOException notNow) {
            return Step.WAITS;
        } finally {
            subscription.reading = null;
        }
    }

    private Step take(Subscription subscription, int shard, HistoryRows rows) throws IOException {
        List<HistoryEvent> events = rows.after(subscription.position[shard]);
        boolean gap = !events.isEmpty() && events.getFirst().revision() != subscription.position[shard] + 1;
        if (rows.compacted() || gap) {
            compacted(subscription, shard);
            return Step.OVER;
        }
        open(subscription);
        StringBuilder out = new StringBuilder();
        for (HistoryEvent event : events) {
            // Beyond it lies what the feed has not given out yet.
            if (event.revision() > tails.at()[shard]) {
                break;
            }
            subscription.position[shard] = event.revision();
            if (subscription.filter.wants(shard, event)) {
                subscription.filter.encoding().event(out, shard, event, cursor.apply(subscription.position));
            }
        }
        send(subscription, out);
        return events.isEmpty() ? Step.WAITS : Step.MOVED;
    }

    private void open(Subscription subscription) {
        if (!subscription.opened) {
            subscription.opened = true;
            String from = cursor.apply(subscription.position);
            subscription.onLoop(() -> subscription.sink.open(from));
        }
    }

    private static void send(Subscription subscription, StringBuilder out) {
        if (!out.isEmpty()) {
            Buffer bytes = Buffer.buffer(out.toString());
            subscription.count(bytes.length());
            subscription.context.runOnContext(now -> subscription.write(bytes));
        }
    }

    static void compacted(Subscription subscription, int shard) {
        subscription.finish(() -> subscription.sink.compacted("the history of shard " + shard
                + " does not reach back to the cursor. Read the present state and watch from there"));
    }

    /** Tells those that are open that they live, and how far they are. */
    void heartbeat() {
        for (Subscription subscription : behind) {
            if (subscription.opened && subscription.unsentBytes() < UNSENT_BYTES_FOR_MORE) {
                StringBuilder out = new StringBuilder();
                subscription.filter.encoding().progress(out, cursor.apply(subscription.position));
                send(subscription, out);
            }
        }
    }

    List<Subscription> all() {
        return List.copyOf(behind);
    }

    /** Ends those that a shard matters to; -1 for all. */
    void end(int shard, String why) {
        behind.stream()
                .filter(subscription -> shard < 0 || subscription.filter.concerns(shard))
                .forEach(subscription -> subscription.finish(() -> subscription.sink.end(why)));
        sweep();
    }
}
