package dev.ashlar.store.lock;

import java.util.Optional;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.key.ShardHash;
import dev.ashlar.common.query.QueryString;
import dev.ashlar.store.command.CommandCall;
import dev.ashlar.store.command.Outcome;
import dev.ashlar.store.command.ShardCommands;
import dev.ashlar.store.feed.Feed;
import dev.ashlar.store.feed.Listener;
import dev.ashlar.store.http.Bodies;
import dev.ashlar.store.http.Calls;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvResult;
import dev.ashlar.store.membership.ClusterMap;

/**
 * {@code POST} and {@code DELETE /v1/locks/{name}}.
 *
 * <ol>
 *   <li>Acquiring is safe to repeat: who holds the lock already prolongs it, with the same token.
 *   <li>Who waits tries again when the lock is released or its time must have run out, until it is acquired or the wait is
 *       over. Waiting is at the store that was asked, so it outlives changes of leaders. The first to come is not
 *       always the first served.
 *   <li>A client that goes away while it waits asks no more. What was acquired for it just then is left to its ttl: the same
 *       owner may have come back, and hold the lock by now under the same token.
 * </ol>
 */
@Singleton
public class LockRoute {
    private static final String PREFIX = "/v1/locks/";
    private static final int BODY_BYTES_MAX = 4_096;
    private static final long RETRY_MS = 300;
    private static final long AFTER_EXPIRY_MS = 20;

    private final Vertx vertx;
    private final ClusterMap map;
    private final ShardCommands commands;
    private final Feed feed;
    private final Bodies bodies;
    private final Calls calls;

    @Inject
    LockRoute(Vertx vertx, ClusterMap map, ShardCommands commands, Feed feed, Bodies bodies, Calls calls) {
        this.vertx = vertx;
        this.map = map;
        this.commands = commands;
        this.feed = feed;
        this.bodies = bodies;
        this.calls = calls;
    }

    void register(@Observes Router router) {
        calls.under(router, PREFIX, this::handle);
    }

    private void handle(HttpServerRequest request, String name) {
        boolean acquire = request.method().equals(HttpMethod.POST);
        if (!acquire && !request.method().equals(HttpMethod.DELETE)) {
            request.response().putHeader(HttpHeaders.ALLOW, "POST, DELETE");
            throw new ApiException(ErrorCode.METHOD_NOT_ALLOWED, request.method() + " is not a method of a lock");
        }
        QueryString.parse(request.query(), java.util.Set.of());
        int shard = ShardHash.shardOf(name, calls.shards(map));
        bodies.read(
                request,
                BODY_BYTES_MAX,
                body -> calls.guarded(request, () -> {
                    if (acquire) {
                        LockJson.Wanted wanted = LockJson.acquire(name, body);
                        new Acquiring(request, shard, wanted).attempt();
                    } else {
                        release(request, shard, LockJson.release(name, body));
                    }
                }),
                refused -> calls.fail(request, refused));
    }

    private void release(HttpServerRequest request, int shard, KvCommand.Unlock unlock) {
        commands.submit(shard, CommandCall.of(unlock), outcome -> {
            switch (outcome) {
                case Outcome.Applied(KvResult.Deleted deleted) -> calls.empty(request, 204, shard, deleted.revision());
                case Outcome.Applied(KvResult.NotFound notFound) ->
                    calls.fail(request, shard, new ApiException(ErrorCode.NOT_FOUND, "nobody holds the lock"));
                case Outcome.Applied(KvResult.LockRefused refused) -> locked(request, shard, refused);
                case Outcome.Applied(KvResult other) -> throw new IllegalStateException("a release became " + other);
                case Outcome.Failed(ApiException problem) -> calls.fail(request, shard, problem);
            }
        });
    }

    private void locked(HttpServerRequest request, int shard, KvResult.LockRefused refused) {
        calls.fail(
                request,
                shard,
                new ApiException(
                        ErrorCode.LOCKED,
                        "the lock is held by '" + refused.owner() + "' for at most " + refused.leftMs() + " ms more",
                        Math.max(1, refused.leftMs())),
                LockJson.holder(refused));
    }

    /** One request for a lock. On its event loop. */
    private final class Acquiring {
        private final HttpServerRequest request;
        private final int shard;
        private final KvCommand.Lock lock;
        private final long endNanos;
        private final Context context = vertx.getOrCreateContext();
        private Optional<Listener> listener = Optional.empty();
        private long timer = -1;
        private boolean asking;
        private boolean again;
        private boolean over;

        Acquiring(HttpServerRequest request, int shard, LockJson.Wanted wanted) {
            this.request = request;
            this.shard = shard;
            this.lock = wanted.lock();
            this.endNanos = System.nanoTime() + wanted.waitMs() * 1_000_000;
            request.response().closeHandler(gone -> over());
        }

        void attempt() {
            if (over) {
                return;
            }
            if (asking) {
                again = true;
                return;
            }
            asking = true;
            again = false;
            commands.submit(shard, CommandCall.of(lock), outcome -> {
                asking = false;
                took(outcome);
            });
        }

        private void took(Outcome outcome) {
            switch (outcome) {
                case Outcome.Applied(KvResult.LockHeld held) -> held(held);
                case Outcome.Applied(KvResult.LockRefused refused) -> {
                    if (leftMs() <= 0) {
                        finish(() -> locked(request, shard, refused));
                    } else {
                        later(refused.leftMs() + AFTER_EXPIRY_MS);
                    }
                }
                case Outcome.Applied(KvResult other) ->
                    finish(() ->
                            calls.fail(request, shard, new ApiException(ErrorCode.INTERNAL, "a lock became " + other)));
                case Outcome.Failed(ApiException problem) -> {
                    // Repeating is safe: it is the same owner.
                    if (leftMs() <= 0) {
                        finish(() -> calls.fail(request, shard, problem));
                    } else {
                        later(RETRY_MS);
                    }
                }
            }
        }

        private void held(KvResult.LockHeld held) {
            finish(() -> calls.json(request, 200, shard, held.token(), LockJson.held(lock, held, shard)));
        }

        private void later(long afterMs) {
            if (over) {
                return;
            }
            if (listener.isEmpty()) {
                // When it is ready it tries once more, since the lock may have become free meanwhile.
                calls.guarded(
                        request,
                        () -> listener =
                                Optional.of(feed.listen(lock.name(), true, context, this::attempt, this::attempt)));
            }
            vertx.cancelTimer(timer);
            timer = vertx.setTimer(Math.max(1, Math.min(afterMs, leftMs())), now -> attempt());
            if (again) {
                attempt();
            }
        }

        private long leftMs() {
            return (endNanos - System.nanoTime()) / 1_000_000;
        }

        private void finish(Runnable answer) {
            if (!over) {
                over();
                answer.run();
            }
        }

        private void over() {
            over = true;
            vertx.cancelTimer(timer);
            listener.ifPresent(Listener::close);
        }
    }
}
