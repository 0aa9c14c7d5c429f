package dev.ashlar.store.scan;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.http.AccessRoute;
import dev.ashlar.store.http.Headers;
import dev.ashlar.store.http.JsonText;
import dev.ashlar.store.http.Problems;
import dev.ashlar.store.kv.ScanMerge;
import dev.ashlar.store.kv.ScanPage;
import dev.ashlar.store.kv.ScanRequest;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.membership.Membership;

/**
 * {@code GET /v1/kv}, and {@code GET /internal/v1/shards/{id}/scan} for other stores.
 *
 * <ol>
 *   <li>Ask the leader of every shard for a page at once; each page is linearizable for its shard.
 *   <li>Merge them; what did not fit is asked for again by the next page.
 *   <li>{@code application/x-ndjson}: page after page until the end, the next one only when the client has taken the last,
 *       so that memory is bounded by the pages of one round.
 * </ol>
 *
 * <p>At most a few scans run at a time: a round holds up to 4 MiB for each shard.
 */
@Singleton
public class ScanRoute {
    private static final int SCANS_MAX = 8;
    private static final int NDJSON_PAGE_ITEMS = 500;

    private final Vertx vertx;
    private final ClusterMap map;
    private final ShardPages pages;
    private final Membership membership;
    private final ObjectMapper json;
    private final AccessRoute access;
    private final Semaphore running = new Semaphore(SCANS_MAX);

    @Inject
    ScanRoute(
            Vertx vertx,
            ClusterMap map,
            ShardPages pages,
            Membership membership,
            ObjectMapper json,
            AccessRoute access) {
        this.vertx = vertx;
        this.map = map;
        this.pages = pages;
        this.membership = membership;
        this.json = json;
        this.access = access;
    }

    void register(@Observes Router router) {
        router.route("/v1/kv").handler(routing -> checked(routing, this::scan));
        router.route("/internal/v1/shards/:shard/scan").handler(routing -> checked(routing, this::shardPage));
    }

    private static void checked(RoutingContext routing, Consumer<RoutingContext> handler) {
        try {
            if (!routing.request().method().equals(HttpMethod.GET)) {
                routing.response().putHeader(HttpHeaders.ALLOW, "GET, DELETE");
                throw new ApiException(
                        ErrorCode.METHOD_NOT_ALLOWED, routing.request().method() + " is not a method of a scan");
            }
            handler.accept(routing);
        } catch (ApiException refused) {
            Problems.send(routing.request(), refused);
        }
    }

    private void scan(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        ScanRequest scan = ScanParameters.parse(request.query());
        if (map.shards() == 0) {
            throw new ApiException(ErrorCode.NO_LEADER, "this store has not been registered yet", 1_000);
        }
        if (!running.tryAcquire()) {
            throw new ApiException(ErrorCode.TOO_MANY_REQUESTS, "too many scans run at the moment", 1_000);
        }
        Context context = vertx.getOrCreateContext();
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        Round round = new Round(request, context);
        if (accept != null && accept.contains("application/x-ndjson")) {
            request.response().setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, Headers.NDJSON);
            round.stream(new ScanRequest(
                    scan.prefix(),
                    scan.from(),
                    scan.to(),
                    NDJSON_PAGE_ITEMS,
                    scan.reverse(),
                    scan.keysOnly(),
                    scan.afterKey()));
        } else {
            round.page(scan);
        }
    }

    private void shardPage(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        int shard = shard(routing.pathParam("shard"));
        ScanRequest scan = ScanParameters.parse(request.query());
        Context context = vertx.getOrCreateContext();
        var unused = pages.localPage(shard, scan)
                .whenComplete((page, failed) -> context.runOnContext(now -> {
                    if (failed != null) {
                        Problems.send(request, problem(failed));
                    } else {
                        sendPage(request.response(), page);
                    }
                }));
    }

    private int shard(String text) {
        if (text.matches("\\d{1,4}") && Integer.parseInt(text) < map.shards()) {
            return Integer.parseInt(text);
        }
        throw new ApiException(ErrorCode.INVALID_ARGUMENT, "there is no shard '" + text + "'");
    }

    private void sendPage(HttpServerResponse response, ScanPage page) {
        try {
            response.putHeader(HttpHeaders.CONTENT_TYPE, Headers.JSON)
                    .end(Buffer.buffer(json.writeValueAsBytes(ScanPageWire.of(page))));
        } catch (JsonProcessingException bug) {
            throw new IllegalStateException("a page cannot be encoded", bug);
        }
    }

    private static ApiException problem(Throwable failed) {
        Throwable cause =
                failed instanceof CompletionException && failed.getCause() != null ? failed.getCause() : failed;
        return cause instanceof ApiException known
                ? known
                : new ApiException(ErrorCode.INTERNAL, "the scan failed: " + cause.getMessage());
    }

    /** One scan of a client, with its permit. On the event loop of its connection. */
    private final class Round {
        private final HttpServerRequest request;
        private final HttpServerResponse response;
        private final Context context;
        private boolean over;

        Round(HttpServerRequest request, Context context) {
            this.request = request;
            this.response = request.response();
            this.context = context;
            response.headers().set(Headers.SERVED_BY, membership.name()).set(Headers.CONSISTENCY, Headers.LINEARIZABLE);
            response.closeHandler(closed -> over());
        }

        void page(ScanRequest scan) {
            merged(scan, merged -> {
                response.putHeader(HttpHeaders.CONTENT_TYPE, Headers.JSON)
                        .end(ScanJson.page(merged.items(), merged.cursor(), scan.keysOnly()));
                over();
            });
        }

        void stream(ScanRequest scan) {
            merged(scan, merged -> {
                Optional<ApiException> refused = access.refusalNow(request, "/v1/kv");
                if (refused.isPresent()) {
                    refuse(refused.get());
                    return;
                }
                if (merged.cursor().isEmpty()) {
                    response.end(ScanJson.lines(merged.items(), scan.keysOnly()));
                    over();
                    return;
                }
                response.write(ScanJson.lines(merged.items(), scan.keysOnly()));
                ScanRequest next = scan.after(merged.items().getLast().key());
                if (response.writeQueueFull()) {
                    response.drainHandler(drained -> stream(next));
                } else {
                    stream(next);
                }
            });
        }

        /** The token is gone while its stream lasts: a last line says so, and the body ends without its last chunk. */
        private void refuse(ApiException refused) {
            StringBuilder line = new StringBuilder("{\"code\":\"")
                    .append(refused.code().code())
                    .append("\",\"detail\":");
            JsonText.quote(line, String.valueOf(refused.getMessage()));
            response.write(line.append("}\n").toString())
                    .onComplete(written -> request.connection().close());
            over();
        }

        private void merged(ScanRequest scan, Consumer<ScanMerge.Merged> then) {
            if (over) {
                return;
            }
            List<CompletableFuture<ScanPage>> asked = IntStream.range(0, map.shards())
                    .mapToObj(shard -> pages.page(shard, scan))
                    .toList();
            var unused = CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                    .thenApply(all -> ScanMerge.merge(
                            scan, asked.stream().map(CompletableFuture::join).toList()))
                    .whenComplete((merged, failed) -> context.runOnContext(now -> {
                        if (over) {
                            return;
                        }
                        if (failed == null) {
                            then.accept(merged);
                        } else {
                            fail(failed);
                        }
                    }));
        }

        private void fail(Throwable failed) {
            if (response.headWritten()) {
                // The client sees a body that ends without its last chunk: the only way to say so now.
                request.connection().close();
            } else {
                response.setChunked(false);
                Problems.send(request, problem(failed));
            }
            over();
        }

        private void over() {
            if (!over) {
                over = true;
                running.release();
            }
        }
    }
}
