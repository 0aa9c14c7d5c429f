package dev.ashlar.store.watch;

import java.util.Optional;
import java.util.Set;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.impl.ContextInternal;
import io.vertx.ext.web.Router;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.key.ShardHash;
import dev.ashlar.common.query.QueryString;
import dev.ashlar.store.feed.Feed;
import dev.ashlar.store.feed.Filter;
import dev.ashlar.store.feed.Sink;
import dev.ashlar.store.feed.Subscription;
import dev.ashlar.store.http.AccessRoute;
import dev.ashlar.store.http.Calls;
import dev.ashlar.store.http.Headers;
import dev.ashlar.store.kv.Keys;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.membership.Membership;

/**
 * {@code GET /v1/watch}.
 *
 * <ol>
 *   <li>The first event, {@code open}, has the cursor where the watch begins; from then on every put and delete of what is
 *       watched is an event, in the order of its shard, with the cursor after it.
 *   <li>Who comes back with a cursor ({@code Last-Event-ID}, or {@code from}) goes on right there, at any store.
 *   <li>What has been forgotten is 410 {@code compacted} before the first event and an event {@code resync} after it.
 *   <li>A watch may outlive its token: with every heartbeat the gate is asked again, and the watch ends with the event
 *       {@code refused} when it would not be let in now.
 * </ol>
 */
@Singleton
public class WatchRoute {
    private static final Set<String> PARAMETERS = Set.of("prefix", "key", "from", "keys_only");
    private static final String LAST_EVENT_ID = "Last-Event-ID";
    private static final String PATH = "/v1/watch";
    private static final long RECHECK_MS = 10_000;
    /** How long a client may take to read its last event; then its connection is closed, for what it has not taken. */
    private static final long LAST_EVENT_MS = 30_000;
    /** The same when there is no room for it. */
    private static final long LAST_EVENT_HURRIED_MS = 1_000;

    private static final String EVENT_STREAM = "text/event-stream";

    private final Vertx vertx;
    private final ClusterMap map;
    private final Feed feed;
    private final Membership membership;
    private final Calls calls;
    private final AccessRoute access;

    @Inject
    WatchRoute(
            Vertx vertx,
            ClusterMap map,
            Feed feed,
            Membership membership,
            Calls calls,
            AccessRoute access,
            MeterRegistry registry) {
        this.vertx = vertx;
        this.map = map;
        this.feed = feed;
        this.membership = membership;
        this.calls = calls;
        this.access = access;
        Gauge.builder("ashlar_watches", feed, Feed::watchers)
                .description("Watches and requests that wait for a change")
                .register(registry);
        Gauge.builder("ashlar_watch_unsent_bytes", feed, Feed::unsentBytes)
                .description("Bytes of events that the clients of watches have not taken yet")
                .register(registry);
    }

    void register(@Observes Router router) {
        router.route(PATH)
                .order(Calls.ORDER)
                .handler(routing -> calls.guarded(routing.request(), () -> handle(routing.request())));
    }

    private void handle(HttpServerRequest request) {
        if (!request.method().equals(HttpMethod.GET)) {
            request.response().putHeader(HttpHeaders.ALLOW, "GET");
            throw new ApiException(ErrorCode.METHOD_NOT_ALLOWED, request.method() + " is not a method of a watch");
        }
        int shards = calls.shards(map);
        QueryString query = QueryString.parse(request.query(), PARAMETERS);
        if (query.has("key") && query.has("prefix")) {
            throw new ApiException(ErrorCode.INVALID_ARGUMENT, "'key' and 'prefix' exclude each other");
        }
        boolean exact = query.has("key");
        String text = exact ? query.text("key") : query.text("prefix");
        if (exact) {
            Keys.check(text);
        } else {
            Keys.checkBound("parameter 'prefix'", text);
        }
        Filter filter = new Filter(
                text,
                exact,
                exact ? ShardHash.shardOf(text, shards) : -1,
                query.flag("keys_only") ? SseText.KEYS_ONLY : SseText.WITH_VALUES);
        // Empty is none: a client that has seen no event yet may send such a header and mean 'from'.
        Optional<String> cursor = Optional.ofNullable(request.getHeader(LAST_EVENT_ID))
                .filter(given -> !given.isEmpty())
                .or(() -> query.get("from").filter(given -> !given.isEmpty()));
        // The context of the event loop itself, not of this request: what a task for each watch and batch costs counts.
        Context context = vertx.getOrCreateContext();
        Context loop = context instanceof ContextInternal internal ? internal.unwrap() : context;
        new Watch(request, loop).start(filter, cursor);
    }

    /** One watch. On its event loop. */
    private final class Watch implements Sink {
        private final HttpServerRequest request;
        private final HttpServerResponse response;
        private final Context context;
        private Optional<Subscription> subscription = Optional.empty();
        private long timer;
        private boolean open;

        Watch(HttpServerRequest request, Context context) {
            this.request = request;
            this.response = request.response();
            this.context = context;
        }

        void start(Filter filter, Optional<String> cursor) {
            Subscription made = feed.subscribe(filter, cursor, this, context);
            subscription = Optional.of(made);
            response.closeHandler(gone -> close());
            response.exceptionHandler(broken -> close());
            timer = vertx.setTimer(Limits.WRITE_TIMEOUT_MS, late -> {
                if (!open) {
                    close();
                    calls.fail(
                            request,
                            new ApiException(
                                    ErrorCode.NO_LEADER,
                                    "this store hears nothing of some shard at the moment",
                                    1_000));
                }
            });
        }

        @Override
        public void open(String cursor) {
            open = true;
            vertx.cancelTimer(timer);
            response.setChunked(true);
            response.headers()
                    .set(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
                    .set(HttpHeaders.CACHE_CONTROL, "no-store")
                    .set("X-Accel-Buffering", "no")
                    .set(Headers.SERVED_BY, membership.name());
            response.write(SseText.open(cursor));
            timer = vertx.setPeriodic(RECHECK_MS, again -> recheck());
        }

        private void recheck() {
            access.refusalNow(request, PATH).ifPresent(refused -> {
                close();
                if (!response.ended() && !response.closed()) {
                    last(SseText.refused(refused), LAST_EVENT_MS);
                }
            });
        }

        @Override
        public void write(Buffer bytes, Runnable written) {
            response.write(bytes).onComplete(done -> written.run());
        }

        @Override
        public void compacted(String detail) {
            vertx.cancelTimer(timer);
            if (open) {
                last(SseText.resync(ErrorCode.COMPACTED, detail), LAST_EVENT_MS);
            } else {
                calls.fail(request, new ApiException(ErrorCode.COMPACTED, detail));
            }
        }

        @Override
        public void tooSlow(String detail) {
            vertx.cancelTimer(timer);
            last(SseText.resync(ErrorCode.TOO_MANY_REQUESTS, detail), LAST_EVENT_HURRIED_MS);
        }

        private void last(String event, long patienceMs) {
            long cut = vertx.setTimer(patienceMs, late -> request.connection().close());
            response.end(event).onComplete(taken -> vertx.cancelTimer(cut));
        }

        @Override
        public void end(String why) {
            vertx.cancelTimer(timer);
            if (open) {
                last(SseText.comment(why), LAST_EVENT_MS);
            } else {
                calls.fail(request, new ApiException(ErrorCode.NO_LEADER, why, 1_000));
            }
        }

        private void close() {
            vertx.cancelTimer(timer);
            subscription.ifPresent(Subscription::close);
        }
    }
}
