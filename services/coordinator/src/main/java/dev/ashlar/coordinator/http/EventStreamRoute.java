package dev.ashlar.coordinator.http;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import dev.ashlar.common.Limits;
import dev.ashlar.common.cluster.Event;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.coordinator.boot.CoordinatorNode;
import dev.ashlar.coordinator.journal.Journal;

/**
 * {@code GET /v1/events/stream}: the journal as server-sent events, for as long as the client stays.
 *
 * <ol>
 *   <li>It begins after {@code Last-Event-ID}, or {@code after}, or now. The id of each is the id of the event, so a browser
 *       that connects again, to another coordinator even, misses and repeats nothing.
 *   <li>A comment every ten seconds keeps the connection open.
 *   <li>A client that does not read gets nothing more until it does: what waits for it stays in the journal, which is bounded.
 * </ol>
 */
@ApplicationScoped
public class EventStreamRoute {
    private static final long LOOK_EVERY_MS = 250;
    private static final int COMMENT_EVERY_LOOKS = 40;
    private static final int EVENTS_AT_ONCE_MAX = 200;

    private final CoordinatorNode node;
    private final Vertx vertx;
    private final ObjectMapper json;
    private final AtomicInteger open = new AtomicInteger();

    @Inject
    EventStreamRoute(CoordinatorNode node, Vertx vertx, ObjectMapper json) {
        this.node = node;
        this.vertx = vertx;
        this.json = json;
    }

    void register(@Observes Router router) {
        router.get("/v1/events/stream").handler(this::stream);
    }

    private void stream(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        long after;
        try {
            after = after(request);
        } catch (ApiException bad) {
            refuse(routing, bad.code(), bad.getMessage());
            return;
        }
        if (open.incrementAndGet() > Limits.EVENT_STREAMS_MAX) {
            open.decrementAndGet();
            refuse(
                    routing,
                    ErrorCode.TOO_MANY_REQUESTS,
                    "there are " + Limits.EVENT_STREAMS_MAX + " open streams already, which is the limit");
            return;
        }
        HttpServerResponse response = request.response().setChunked(true);
        response.putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream").putHeader("Cache-Control", "no-store");
        Reader reader = new Reader(response, after);
        long timer = vertx.setPeriodic(1, LOOK_EVERY_MS, tick -> reader.look());
        response.exceptionHandler(gone -> response.close());
        response.closeHandler(gone -> {
            vertx.cancelTimer(timer);
            open.decrementAndGet();
        });
    }

    private long after(HttpServerRequest request) {
        long after = Checks.number("after", request.getParam("after"), newest(), 0, Long.MAX_VALUE);
        return Checks.number("Last-Event-ID", request.getHeader("Last-Event-ID"), after, 0, Long.MAX_VALUE);
    }

    private long newest() {
        return journal().map(Journal::newestId).orElse(0L);
    }

    private Optional<Journal> journal() {
        return node.running().map(running -> running.group().journal());
    }

    private void refuse(RoutingContext routing, ErrorCode code, String detail) {
        routing.response()
                .setStatusCode(code.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, Problems.MEDIA_TYPE)
                .end(text(Problem.of(code, detail)));
    }

    private String text(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** One client. On the event loop that its timer was set on. */
    private final class Reader {
        private final HttpServerResponse response;
        private long after;
        private int looks;

        Reader(HttpServerResponse response, long after) {
            this.response = response;
            this.after = after;
        }

        void look() {
            if (response.closed() || response.writeQueueFull()) {
                return;
            }
            if (looks++ % COMMENT_EVERY_LOOKS == 0) {
                send(": still here\n\n");
            }
            List<Event> events =
                    journal().map(j -> j.after(after, EVENTS_AT_ONCE_MAX)).orElse(List.of());
            if (events.isEmpty()) {
                return;
            }
            StringBuilder lines = new StringBuilder();
            for (Event event : events) {
                lines.append("event: ").append(event.kind());
                lines.append("\nid: ").append(event.id());
                lines.append("\ndata: ").append(text(event)).append("\n\n");
            }
            after = events.getLast().id();
            send(lines.toString());
        }

        private void send(String lines) {
            var unused = response.write(lines);
        }
    }
}
