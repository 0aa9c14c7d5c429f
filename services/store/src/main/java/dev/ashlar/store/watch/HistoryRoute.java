package dev.ashlar.store.watch;

import java.io.IOException;
import java.util.Set;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.query.QueryString;
import dev.ashlar.store.http.Calls;
import dev.ashlar.store.http.Problems;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * {@code GET /internal/v1/shards/{id}/history?after=}: the history of a shard for a store that has no replica of it. Any
 * replica may answer: what it has applied is what every other one has or will have.
 */
@Singleton
public class HistoryRoute {
    private static final int BYTES_MAX = 1 << 20;

    private final Vertx vertx;
    private final Replicas replicas;
    private final Calls calls;

    @Inject
    HistoryRoute(Vertx vertx, Replicas replicas, Calls calls) {
        this.vertx = vertx;
        this.replicas = replicas;
        this.calls = calls;
    }

    void register(@Observes Router router) {
        router.route(HttpMethod.GET, "/internal/v1/shards/:shard/history")
                .order(Calls.ORDER)
                .handler(routing ->
                        calls.guarded(routing.request(), () -> handle(routing.request(), routing.pathParam("shard"))));
    }

    private void handle(HttpServerRequest request, String shard) {
        QueryString query = QueryString.parse(request.query(), Set.of("after", "bytes"));
        String after = query.text("after");
        if (!shard.matches("\\d{1,4}") || !after.matches("\\d{1,19}")) {
            throw new ApiException(ErrorCode.INVALID_ARGUMENT, "no such shard or revision");
        }
        int bytes = query.number("bytes", 1, BYTES_MAX, BYTES_MAX);
        Replica replica = replicas.of(Integer.parseInt(shard));
        if (replica == null) {
            throw new ApiException(ErrorCode.NO_LEADER, "there is no replica of shard " + shard + " here", 1_000);
        }
        vertx.executeBlocking(
                        () -> replica.kv().history(Long.parseLong(after), bytes).encode(), false)
                .onComplete(read -> {
                    if (read.succeeded() && !request.response().closed()) {
                        request.response().end(Buffer.buffer(read.result()));
                    } else if (read.failed()) {
                        String why = read.cause() instanceof IOException
                                ? read.cause().getMessage()
                                : "it failed";
                        Problems.send(request, new ApiException(ErrorCode.INTERNAL, "no history: " + why));
                    }
                });
    }
}
