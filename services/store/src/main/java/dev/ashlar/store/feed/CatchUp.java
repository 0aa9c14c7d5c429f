package dev.ashlar.store.feed;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;

import io.vertx.core.buffer.Buffer;

import dev.ashlar.store.kv.HistoryEvent;
import dev.ashlar.store.kv.HistoryRows;
import dev.ashlar.store.replica.Replica;

/**
 * The watches that are behind the feed: each reads the history from its own position, a bounded part at a time and only
 * while its client takes what it gets and there is room for it, up to where the feed stands. There it joins.
 *
 * <ol>
 *   <li>In one step a watch goes on in all its shards, from the one where the step before had to end. So a shard that never
 *       rests does not keep it from the others.
 *   <li>What the feed has given out lately is in memory, the local replicas are asked at once, and other stores one shard
 *       after the other. So a watch that is near the feed is level with it in all shards at the end of one step, during
 *       which the feed stands still.
 * </ol>
 *
 * <p>The feed's thread only.
 */
final class CatchUp {
    /** What one watch may have unsent. */
    static final long UNSENT_BYTES_MAX = 1 << 20;

    private static final long UNSENT_BYTES_FOR_MORE = 256 << 10;
    /** What one read may bring, unless a single row is larger. */
    private static final int READ_BYTES_MAX = 128 << 10;
    /** The feed goes on after so long, with whoever was not reached first in line. */
    private static final long RUN_NANOS_MAX = 20_000_000;
    /** A client that has taken nothing for so long is gone, or might as well be. */
    private static final long STUCK_NANOS_MAX = 300_000_000_000L;
    /** A cursor that is ahead of a fresh replica for so long is not of this history. */
    private static final long AHEAD_NANOS_MAX = 20_000_000_000L;

    private final RowSource source;
    private final Tails tails;
    private final UnsentBytes together;
    private final Function<long[], String> cursor;
    private final Runnable signal;
    private List<Subscription> behind = new ArrayList<>();

    CatchUp(RowSource source, Tails tails, UnsentBytes together, Function<long[], String> cursor, Runnable signal) {
        this.source = source;
        this.tails = tails;
        this.together = together;
        this.cursor = cursor;
        this.signal = signal;
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

    /** Lets each go on by one part, as far as the time allows; those that are level are given to {@code level}. Says whether anything moved. */
    boolean run(long nowNanos, Consumer<Subscription> level) {
        boolean any = false;
        long untilNanos = System.nanoTime() + RUN_NANOS_MAX;
        List<Subscription> still = new ArrayList<>(behind.size());
        int reached = 0;
        while (reached < behind.size() && (reached == 0 || untilNanos - System.nanoTime() > 0)) {
            Subscription subscription = behind.get(reached++);
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
        any |= reached < behind.size();
        still.addAll(0, behind.subList(reached, behind.size()));
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
        Part part = new Part(subscription);
        Step step = goOn(subscription, part);
        if (step == Step.OVER) {
            return Step.OVER;
        }
        send(subscription, part.out);
        if (step == Step.LEVEL && part.ahead) {
            return ahead(subscription, nowNanos);
        }
        return step;
    }

    /** What one step brings. */
    private static final class Part {
        final long[] position;
        final StringBuilder out = new StringBuilder();
        long readBytes;
        boolean moved;
        boolean level = true;
        boolean ahead;

        Part(Subscription subscription) {
            position = subscription.position;
        }

        /** In bytes; the events are mostly ASCII. */
        long size() {
            return Math.max(readBytes, out.length());
        }
    }

    private Step goOn(Subscription subscription, Part part) {
        long[] at = tails.at();
        int first = subscription.nextShard;
        for (int i = 0; i < at.length; i++) {
            int shard = (first + i) % at.length;
            if (!subscription.filter.concerns(shard)) {
                part.position[shard] = Math.max(part.position[shard], at[shard]);
            } else if (part.position[shard] < at[shard]) {
                if (!hasRoom(subscription, part)) {
                    subscription.nextShard = shard;
                    part.level = false;
                    break;
                }
                if (read(subscription, shard, part)) {
                    return Step.OVER;
                }
                part.level &= part.position[shard] >= at[shard];
            }
            part.ahead |= part.position[shard] > at[shard];
        }
        if (part.level) {
            open(subscription);
            return Step.LEVEL;
        }
        return part.moved ? Step.MOVED : Step.WAITS;
    }

    private boolean hasRoom(Subscription subscription, Part part) {
        if (subscription.unsentBytes() + part.size() > UNSENT_BYTES_FOR_MORE) {
            return false;
        }
        boolean fits = together.fits(subscription, part.size() + READ_BYTES_MAX);
        if (!fits) {
            // What another store has answered is asked for again: rows that wait here would be bytes that nobody
            // counts.
            subscription.reading = null;
        }
        return fits;
    }

    private static Step ahead(Subscription subscription, long nowNanos) {
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

    /** Says whether the watch is over. */
    private boolean read(Subscription subscription, int shard, Part part) {
        try {
            Optional<HistoryRows> rows =
                    tails.recent(shard, part.position[shard]).or(() -> ask(subscription, shard, part.position[shard]));
            return rows.isPresent() && take(subscription, shard, rows.get(), part);
        } catch (CompletionException | IOException notNow) {
            return false;
        }
    }

    /** One shard of another store at a time, in turn. */
    private Optional<HistoryRows> ask(Subscription subscription, int shard, long after) {
        CompletableFuture<HistoryRows> reading = subscription.reading;
        if (reading != null && subscription.readingShard != shard) {
            return Optional.empty();
        }
        if (reading == null) {
            reading = source.read(shard, after, READ_BYTES_MAX);
            if (!reading.isDone()) {
                subscription.reading = reading;
                subscription.readingShard = shard;
                reading.whenComplete((rows, failed) -> signal.run());
                return Optional.empty();
            }
        }
        if (!reading.isDone()) {
            return Optional.empty();
        }
        subscription.reading = null;
        return Optional.of(reading.join());
    }

    private boolean take(Subscription subscription, int shard, HistoryRows rows, Part part) throws IOException {
        List<HistoryEvent> events = rows.after(part.position[shard]);
        boolean gap = !events.isEmpty() && events.getFirst().revision() != part.position[shard] + 1;
        if (rows.compacted() || gap) {
            compacted(subscription, shard);
            return true;
        }
        open(subscription);
        part.readBytes +=
                rows.rows().stream().mapToLong(row -> row.bytes().length).sum();
        for (HistoryEvent event : events) {
            // Beyond it lies what the feed has not given out yet.
            if (event.revision() > tails.at()[shard]) {
                break;
            }
            part.position[shard] = event.revision();
            part.moved = true;
            if (subscription.filter.wants(shard, event)) {
                subscription.filter.encoding().event(part.out, shard, event, cursor.apply(part.position));
            }
        }
        return false;
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
