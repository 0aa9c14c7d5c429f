package dev.ashlar.access.load;

import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

import io.netty.channel.Channel;
import io.netty.util.Attribute;
import io.netty.util.AttributeKey;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;

import dev.ashlar.access.gate.Gate;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * Refuses requests beyond the {@link ConcurrencyLimit} at once, with 429 and Retry-After: under overload every request gets
 * an answer, and those that are let in are served in time.
 *
 * <p>A connection has one request under way at a time. Its place is given back when the answer has ended, at the latest when
 * the connection begins its next request or closes. On event loops.
 */
public final class Admission {
    /** Behind the gate: whoever may not come in takes no place. */
    public static final int ORDER = Gate.ORDER + 1;

    private static final AttributeKey<Place> PLACE = AttributeKey.valueOf("ashlar.place");
    private static final long RETRY_AFTER_MS = 1_000;

    private final ConcurrencyLimit limit;
    private final Predicate<HttpServerRequest> counts;
    private final String peerHeader;
    private final BiConsumer<HttpServerRequest, ApiException> refuse;
    private final LongAdder refused = new LongAdder();

    /**
     * Lets everything pass until {@link #handle} is made a route.
     *
     * @param counts which requests are short and take a place; the others have bounds of their own
     * @param peerHeader marks a request of another process; from others it means nothing
     */
    public Admission(
            ConcurrencyLimit limit,
            Predicate<HttpServerRequest> counts,
            String peerHeader,
            BiConsumer<HttpServerRequest, ApiException> refuse) {
        this.limit = limit;
        this.counts = counts;
        this.peerHeader = peerHeader;
        this.refuse = refuse;
    }

    /** Requests refused since the start. */
    public long refused() {
        return refused.sum();
    }

    /** The second route. */
    public void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (!(request.connection() instanceof ConnectionBase connection) || !counts.test(request)) {
            routing.next();
            return;
        }
        Place place = place(connection.channel());
        place.leave();
        if (limit.tryBegin(request.headers().contains(peerHeader) && Gate.isPeer(request))) {
            place.take();
            request.response().endHandler(ended -> place.leave());
            routing.next();
        } else {
            refused.increment();
            Gate.refuse(
                    routing,
                    new ApiException(
                            ErrorCode.TOO_MANY_REQUESTS,
                            "more requests are under way than this process can serve in time. Nothing was changed",
                            RETRY_AFTER_MS),
                    refuse);
        }
    }

    private Place place(Channel channel) {
        Attribute<Place> attribute = channel.attr(PLACE);
        Place place = attribute.get();
        if (place == null) {
            Place made = new Place();
            attribute.set(made);
            channel.closeFuture().addListener(closed -> made.leave());
            return made;
        }
        return place;
    }

    /** The place of one connection. On its event loop. */
    private final class Place {
        private boolean taken;
        private long sinceNanos;

        void take() {
            taken = true;
            sinceNanos = System.nanoTime();
        }

        void leave() {
            if (taken) {
                taken = false;
                long now = System.nanoTime();
                limit.ended(now - sinceNanos, now);
            }
        }
    }
}
