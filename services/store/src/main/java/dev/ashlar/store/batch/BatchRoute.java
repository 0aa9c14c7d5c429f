package dev.ashlar.store.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;

import dev.ashlar.access.gate.Gate;
import dev.ashlar.access.gate.Need;
import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.key.ShardHash;
import dev.ashlar.store.command.CommandCall;
import dev.ashlar.store.command.Outcome;
import dev.ashlar.store.command.ShardCommands;
import dev.ashlar.store.http.Bodies;
import dev.ashlar.store.http.Calls;
import dev.ashlar.store.http.Fences;
import dev.ashlar.store.http.Headers;
import dev.ashlar.store.http.JsonFields;
import dev.ashlar.store.kv.Fence;
import dev.ashlar.store.membership.ClusterMap;

/**
 * {@code POST /v1/batch}.
 *
 * <ol>
 *   <li>JSON: all items are read and checked before the first is applied; one that is not valid refuses the request. 200
 *       when every item succeeded, else 207.
 *   <li>{@code application/x-ndjson}: an item per line, of any number; an answer per line in the same order, while items
 *       still come. Reading stops while too much is on its way, or the client does not take its answers. A line that is
 *       not valid is answered with its problem, and the next is read.
 * </ol>
 */
@Singleton
public class BatchRoute {
    private static final int STREAMS_MAX = 32;
    /** A value in base64, a key in escapes, and the names of the fields. */
    private static final int LINE_BYTES_MAX = Limits.VALUE_BYTES_MAX / 3 * 4 + 6 * Limits.KEY_BYTES_MAX + 2_048;

    private final ClusterMap map;
    private final ShardCommands commands;
    private final Bodies bodies;
    private final Calls calls;
    private final Semaphore streams = new Semaphore(STREAMS_MAX);

    @Inject
    BatchRoute(ClusterMap map, ShardCommands commands, Bodies bodies, Calls calls) {
        this.map = map;
        this.commands = commands;
        this.bodies = bodies;
        this.calls = calls;
    }

    void register(@Observes Router router) {
        calls.post(router, "/v1/batch", this::handle);
    }

    private void handle(HttpServerRequest request) {
        int shards = calls.shards(map);
        if (Calls.idempotencyKey(request).isPresent()) {
            throw new ApiException(
                    ErrorCode.INVALID_ARGUMENT, "a batch has no Idempotency-Key; give each item an idempotency_key");
        }
        Optional<Fence> fence = Calls.fence(request);
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null && type.startsWith("application/x-ndjson")) {
            if (!streams.tryAcquire()) {
                throw new ApiException(
                        ErrorCode.TOO_MANY_REQUESTS, "too many batches are streamed at the moment", 1_000);
            }
            new Stream(request, shards, fence).start();
        } else {
            bodies.read(
                    request,
                    Limits.JSON_BODY_BYTES_MAX,
                    body -> calls.guarded(request, () -> document(request, body, shards, fence)),
                    refused -> calls.fail(request, refused));
        }
    }

    private void document(HttpServerRequest request, byte[] body, int shards, Optional<Fence> fence) {
        JsonFields document = JsonFields.parse(body, "the batch", Set.of("items"));
        if (!document.has("items")) {
            throw document.refusal("it has no 'items'");
        }
        List<CommandCall> items = new ArrayList<>();
        for (JsonFields item : document.objects("items", Limits.BATCH_ITEMS_MAX, BatchItem.FIELDS)) {
            items.add(BatchItem.parse(item, fence));
        }
        if (items.isEmpty()) {
            calls.json(request, 200, "{\"items\":[],\"failed\":0}\n");
            return;
        }
        Document answer = new Document(request, items.size());
        for (CommandCall item : items) {
            offer(request, answer.pipe, item, shards);
        }
    }

    private static void offer(HttpServerRequest request, BatchPipe pipe, CommandCall item, int shards) {
        String key = BatchItem.key(item.command());
        int shard = ShardHash.shardOf(key, shards);
        try {
            // The gate let any token in: the keys stand in the body.
            Gate.require(request, new Need.Write(key));
            item.fence().ifPresent(fence -> Fences.check(fence, shard, shards));
        } catch (ApiException refused) {
            pipe.refused(key, refused);
            return;
        }
        pipe.offer(shard, item);
    }

    /** A batch that is answered as one document. */
    private final class Document {
        private final HttpServerRequest request;
        private final StringBuilder out = new StringBuilder("{\"items\":[");
        private final BatchPipe pipe = new BatchPipe(commands::submit, this::answer, () -> {});
        private int missing;
        private int failed;

        Document(HttpServerRequest request, int items) {
            this.request = request;
            this.missing = items;
        }

        private void answer(String key, Outcome outcome) {
            BatchItem.answer(out, key, outcome);
            failed += BatchItem.status(outcome) >= 400 ? 1 : 0;
            if (--missing > 0) {
                out.append(',');
            } else {
                calls.json(
                        request,
                        failed == 0 ? 200 : 207,
                        out.append("],\"failed\":").append(failed).append("}\n").toString());
            }
        }
    }

    /** A batch that comes and is answered line by line. On its event loop. */
    private final class Stream {
        private final HttpServerRequest request;
        private final HttpServerResponse response;
        private final int shards;
        private final Optional<Fence> fence;
        private final Lines lines = new Lines(LINE_BYTES_MAX);
        private final BatchPipe pipe = new BatchPipe(commands::submit, this::answer, this::flush);
        private StringBuilder out = new StringBuilder();
        private boolean ended;
        private boolean over;

        Stream(HttpServerRequest request, int shards, Optional<Fence> fence) {
            this.request = request;
            this.response = request.response();
            this.shards = shards;
            this.fence = fence;
        }

        void start() {
            response.setChunked(true)
                    .putHeader(HttpHeaders.CONTENT_TYPE, Headers.NDJSON)
                    .closeHandler(gone -> over());
            response.exceptionHandler(broken -> over());
            request.exceptionHandler(broken -> over());
            request.handler(this::more);
            request.endHandler(end -> {
                ended = true;
                lines.end(this::line);
                flush();
            });
        }

        private void more(Buffer piece) {
            if (over || ended) {
                return;
            }
            if (!lines.take(piece, this::line)) {
                ended = true;
                pipe.refused(
                        "",
                        new ApiException(
                                ErrorCode.VALUE_TOO_LARGE,
                                "a line has more than " + LINE_BYTES_MAX + " bytes; nothing after it is read"));
                request.handler(discarded -> {});
            }
            breathe();
        }

        private void line(byte[] line) {
            if (over) {
                return;
            }
            try {
                offer(
                        request,
                        pipe,
                        BatchItem.parse(JsonFields.parse(line, "the line", BatchItem.FIELDS), fence),
                        shards);
            } catch (ApiException refused) {
                pipe.refused("", refused);
            }
        }

        private void answer(String key, Outcome outcome) {
            BatchItem.answer(out, key, outcome);
            out.append('\n');
        }

        private void flush() {
            if (over) {
                return;
            }
            if (!out.isEmpty()) {
                response.write(Buffer.buffer(out.toString()));
                out = new StringBuilder();
            }
            if (ended && pipe.isEmpty()) {
                response.end();
                over();
            } else {
                breathe();
            }
        }

        /** Reads on, or not for now. */
        private void breathe() {
            if (over || ended) {
                return;
            }
            if (response.writeQueueFull()) {
                request.pause();
                response.drainHandler(drained -> breathe());
            } else if (pipe.full()) {
                request.pause();
            } else {
                request.resume();
            }
        }

        private void over() {
            if (!over) {
                over = true;
                pipe.stop();
                streams.release();
            }
        }
    }
}
