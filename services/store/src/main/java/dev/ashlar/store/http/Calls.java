package dev.ashlar.store.http;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import org.jboss.logging.Logger;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.query.PercentDecoder;
import dev.ashlar.store.kv.Fence;
import dev.ashlar.store.kv.Keys;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.membership.Membership;

/**
 * What the calls beside {@code /v1/kv} have in common: where they are registered, headers, and how they answer. On the event
 * loop of the request.
 */
@Singleton
public class Calls {
    /** Before everything of the framework, which would read or limit bodies in its own way; after the keys. */
    public static final int ORDER = Integer.MIN_VALUE + 1_000;

    private static final Logger LOG = Logger.getLogger(Calls.class);

    private final Membership membership;
    private final Bodies bodies;

    @Inject
    Calls(Membership membership, Bodies bodies) {
        this.membership = membership;
        this.bodies = bodies;
    }

    /** Registers a call that has one method. */
    public void post(Router router, String path, Consumer<HttpServerRequest> handler) {
        router.route(path).order(ORDER).handler(routing -> {
            HttpServerRequest request = routing.request();
            guarded(request, () -> {
                if (!request.method().equals(HttpMethod.POST)) {
                    request.response().putHeader(HttpHeaders.ALLOW, "POST");
                    throw new ApiException(
                            ErrorCode.METHOD_NOT_ALLOWED, request.method() + " is not a method of " + path);
                }
                handler.accept(request);
            });
        });
    }

    /** Registers a call whose path ends with a name, which is a key like any other and may contain anything. */
    public void under(Router router, String prefix, BiConsumer<HttpServerRequest, String> handler) {
        router.route().order(ORDER).handler(routing -> {
            HttpServerRequest request = routing.request();
            String path = request.path();
            if (path == null || !path.startsWith(prefix)) {
                routing.next();
                return;
            }
            guarded(request, () -> {
                String rest = path.substring(prefix.length());
                if (rest.length() > 3 * Limits.KEY_BYTES_MAX) {
                    throw new ApiException(
                            ErrorCode.KEY_TOO_LONG, "the name has more than " + Limits.KEY_BYTES_MAX + " bytes");
                }
                String name = PercentDecoder.decode(rest, false, "the name");
                Keys.check(name);
                handler.accept(request, name);
            });
        });
    }

    /** Runs it; what it throws becomes the answer. */
    public void guarded(HttpServerRequest request, Runnable task) {
        try {
            task.run();
        } catch (ApiException refused) {
            fail(request, refused);
        } catch (RuntimeException bug) {
            LOG.errorf(bug, "%s %s", request.method(), request.path());
            fail(request, new ApiException(ErrorCode.INTERNAL, "the request failed; see the log of the store"));
        }
    }

    /** The number of shards; throws {@code no_leader} while it is not known. */
    public int shards(ClusterMap map) {
        if (map.shards() == 0) {
            throw new ApiException(ErrorCode.NO_LEADER, "this store has not been registered yet", 1_000);
        }
        return map.shards();
    }

    public static Optional<String> idempotencyKey(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader(Headers.IDEMPOTENCY_KEY));
    }

    public static Optional<Fence> fence(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader(Headers.FENCING)).map(Fence::parse);
    }

    public void fail(HttpServerRequest request, ApiException problem) {
        if (!request.response().ended() && !request.response().closed()) {
            bodies.refuse(request, problem);
        }
    }

    /** Answers with a problem of one shard. */
    public void fail(HttpServerRequest request, int shard, ApiException problem) {
        fail(request, shard, problem, "");
    }

    /** The same, with members of its own: {@code "name":value,…}, or nothing. */
    public void fail(HttpServerRequest request, int shard, ApiException problem, String members) {
        if (!request.response().ended() && !request.response().closed()) {
            request.response().putHeader(Headers.SHARD, Integer.toString(shard));
            Problems.send(request, problem, members);
        }
    }

    /** Answers with JSON about one shard. */
    public void json(HttpServerRequest request, int status, int shard, long revision, String body) {
        HttpServerResponse response = request.response();
        if (!response.ended() && !response.closed()) {
            response.headers()
                    .set(Headers.SHARD, Integer.toString(shard))
                    .set(Headers.REVISION, Long.toString(revision));
            json(request, status, body);
        }
    }

    public void json(HttpServerRequest request, int status, String body) {
        HttpServerResponse response = request.response();
        if (!response.ended() && !response.closed()) {
            response.headers().set(HttpHeaders.CONTENT_TYPE, Headers.JSON).set(Headers.SERVED_BY, membership.name());
            response.setStatusCode(status).end(Buffer.buffer(body));
        }
    }

    /** Answers without a body. */
    public void empty(HttpServerRequest request, int status, int shard, long revision) {
        HttpServerResponse response = request.response();
        if (!response.ended() && !response.closed()) {
            response.headers()
                    .set(Headers.SHARD, Integer.toString(shard))
                    .set(Headers.SERVED_BY, membership.name())
                    .set(Headers.REVISION, Long.toString(revision));
            response.setStatusCode(status).end();
        }
    }
}
