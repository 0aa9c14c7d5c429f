package dev.ashlar.store.http;

import java.util.Optional;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

import dev.ashlar.store.feed.Feed;
import dev.ashlar.store.feed.Listener;

/**
 * A read that waits for a change ({@code ?wait=}), at the store that the client asked.
 *
 * <ol>
 *   <li>Listen to the key first, then read: a change after the read is sure to be heard.
 *   <li>An answer that tells the client nothing new is not given but parked: 304; 404 when the client has not seen the key.
 *   <li>After each change, and once more when the time is over, read again, as linearizable as any read; what the last one
 *       says is the answer.
 * </ol>
 *
 * <p>On the event loop of the request.
 */
final class WaitingRead {
    /** Reads, for one exchange. */
    interface Reader {
        void read(Exchange exchange);
    }

    private final Vertx vertx;
    private final Reader reader;
    private final ReadOptions options;
    private Exchange exchange;
    private Optional<Listener> listener = Optional.empty();
    private long timer;
    private boolean parked;
    private boolean changed;
    private boolean timeIsOver;

    private WaitingRead(Vertx vertx, Exchange first, ReadOptions options, Reader reader) {
        this.vertx = vertx;
        this.exchange = first;
        this.options = options;
        this.reader = reader;
    }

    /**
     * Begins to wait.
     *
     * @param once reads for {@code first}, which has its deadline already
     * @param reader reads for those after it
     */
    static void start(
            Vertx vertx, Context context, Feed feed, Exchange first, ReadOptions options, Reader once, Reader reader) {
        WaitingRead waiting = new WaitingRead(vertx, first, options, reader);
        first.waits(waiting);
        waiting.listener =
                Optional.of(feed.listen(first.key(), false, context, () -> once.read(first), waiting::changed));
        waiting.timer = vertx.setTimer(options.waitMs(), over -> waiting.timeIsOver());
        // Not the end handler: it is that of the admission. Whoever answers closes this, see Exchange.claim.
        first.request().response().closeHandler(gone -> waiting.close());
    }

    /** Whether this answer is not to be given now. */
    boolean parks(int status) {
        boolean nothingNew = status == 304 || (status == 404 && options.ifNoneMatch() == null);
        if (timeIsOver || !nothingNew) {
            return false;
        }
        parked = true;
        if (changed) {
            // Not from within the read that is just ending.
            exchange.onLoop(this::again);
        }
        return true;
    }

    private void changed() {
        changed = true;
        again();
    }

    private void timeIsOver() {
        timeIsOver = true;
        changed = true;
        again();
    }

    private void again() {
        if (parked && changed) {
            parked = false;
            changed = false;
            exchange = exchange.again();
            exchange.waits(this);
            reader.read(exchange);
        }
    }

    /** It is answered, or nobody waits any more. */
    void close() {
        vertx.cancelTimer(timer);
        listener.ifPresent(Listener::close);
    }
}
