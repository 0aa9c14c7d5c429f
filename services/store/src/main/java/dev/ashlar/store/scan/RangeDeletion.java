package dev.ashlar.store.scan;

import java.util.Set;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.query.QueryString;
import dev.ashlar.store.command.CommandCall;
import dev.ashlar.store.command.Outcome;
import dev.ashlar.store.command.ShardCommands;
import dev.ashlar.store.http.Calls;
import dev.ashlar.store.http.Headers;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvResult;
import dev.ashlar.store.membership.ClusterMap;

/**
 * {@code DELETE /v1/kv?prefix=}.
 *
 * <ol>
 *   <li>All shards at once, each by itself: within a shard, what one log entry deletes goes atomically.
 *   <li>An entry looks at a bounded number of keys, so that a million keys do not stop a shard. What is left is deleted by
 *       further entries, one after the other, and spares what was written since the first: as if it had all gone then.
 *   <li>When a shard fails the others go on; the answer is its problem, and says how much is gone.
 * </ol>
 */
@Singleton
public class RangeDeletion {
    private static final Set<String> KNOWN = Set.of("prefix", "all");

    private final ClusterMap map;
    private final ShardCommands commands;
    private final Calls calls;

    @Inject
    RangeDeletion(ClusterMap map, ShardCommands commands, Calls calls) {
        this.map = map;
        this.commands = commands;
        this.calls = calls;
    }

    void register(@Observes Router router) {
        router.route(HttpMethod.DELETE, "/v1/kv")
                .order(Calls.ORDER)
                .handler(routing -> calls.guarded(routing.request(), () -> handle(routing.request())));
    }

    private void handle(HttpServerRequest request) {
        QueryString query = QueryString.parse(request.query(), KNOWN);
        String prefix = query.text("prefix");
        // Not a flag: all= with an empty variable behind it must not delete everything.
        String all = query.get("all").orElse("false");
        if (!all.equals(prefix.isEmpty() ? "true" : "false")) {
            throw new ApiException(
                    ErrorCode.INVALID_ARGUMENT,
                    "give a prefix to delete the keys that begin with it, or all=true to delete every key");
        }
        for (CharSequence header :
                new CharSequence[] {HttpHeaders.IF_MATCH, HttpHeaders.IF_NONE_MATCH, Headers.FENCING}) {
            if (request.headers().contains(header)) {
                throw new ApiException(ErrorCode.INVALID_ARGUMENT, header + " is not for the deletion of a range");
            }
        }
        int shards = calls.shards(map);
        Deletion deletion = new Deletion(request, shards);
        for (int shard = 0; shard < shards; shard++) {
            KvCommand.DeleteRange first = new KvCommand.DeleteRange(prefix, "", 0);
            deletion.run(shard, new CommandCall(first, Calls.idempotencyKey(request), java.util.Optional.empty()));
        }
    }

    /** One request. On its event loop. */
    private final class Deletion {
        private final HttpServerRequest request;
        private int running;
        private long deleted;
        private boolean atomic = true;
        private ApiException problem;
        private int problemShard;

        Deletion(HttpServerRequest request, int shards) {
            this.request = request;
            this.running = shards;
        }

        void run(int shard, CommandCall call) {
            commands.submit(shard, call, outcome -> took(shard, (KvCommand.DeleteRange) call.command(), outcome));
        }

        private void took(int shard, KvCommand.DeleteRange range, Outcome outcome) {
            switch (outcome) {
                case Outcome.Applied(KvResult.RangeDeleted(long count, long boundary, String lastKey)) -> {
                    deleted += count;
                    if (lastKey.isEmpty()) {
                        over();
                    } else {
                        atomic = false;
                        run(shard, CommandCall.of(new KvCommand.DeleteRange(range.prefix(), lastKey, boundary)));
                    }
                }
                case Outcome.Applied(KvResult.Rejected(ErrorCode code, String detail)) ->
                    failed(shard, new ApiException(code, detail));
                case Outcome.Applied(KvResult other) ->
                    failed(shard, new ApiException(ErrorCode.INTERNAL, "a range was answered by " + other));
                case Outcome.Failed(ApiException failure) -> failed(shard, failure);
            }
        }

        private void failed(int shard, ApiException failure) {
            problem = failure;
            problemShard = shard;
            over();
        }

        private void over() {
            if (--running > 0) {
                return;
            }
            if (problem == null) {
                calls.json(request, 200, "{\"deleted\":" + deleted + ",\"atomic\":" + atomic + "}\n");
            } else {
                String rest = deleted == 0 ? "" : ". " + deleted + " keys of other shards, or before it, are deleted";
                calls.fail(
                        request,
                        problemShard,
                        new ApiException(problem.code(), problem.getMessage() + rest, problem.retryAfterMs()));
            }
        }
    }
}
