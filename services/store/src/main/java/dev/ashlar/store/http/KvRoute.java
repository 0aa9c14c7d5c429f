package dev.ashlar.store.http;

import java.util.Set;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.jboss.logging.Logger;

import dev.ashlar.access.load.Admission;
import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.key.ShardHash;
import dev.ashlar.common.query.PercentDecoder;
import dev.ashlar.common.query.QueryString;
import dev.ashlar.store.boot.Farewell;
import dev.ashlar.store.feed.Feed;
import dev.ashlar.store.kv.ContentTypes;
import dev.ashlar.store.kv.Keys;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.Precondition;
import dev.ashlar.store.membership.ClusterMap;

/**
 * {@code /v1/kv/{key}}: the hot path, and the first route behind the gate, so that nothing else runs before it.
 *
 * <ol>
 *   <li>Key: what follows {@code /v1/kv/} in the request line as it came; the normalized path would fold {@code //} and
 *       {@code ..}, which are parts of keys like any other.
 *   <li>Refuse what is not valid, before the body is read.
 *   <li>Read the body, bounded; then {@link Writes} or {@link Reads}.
 * </ol>
 */
@Singleton
public class KvRoute {
    private static final Logger LOG = Logger.getLogger(KvRoute.class);
    private static final String PREFIX = "/v1/kv/";
    private static final Set<String> PUT_PARAMETERS = Set.of("ttl");
    private static final long LOOK_MS = 250;

    private final Vertx vertx;
    private final ClusterMap map;
    private final Reads reads;
    private final Writes writes;
    private final RequestMetrics metrics;
    private final BodyReader bodies;
    private final Feed feed;
    private final Farewell farewell;
    private final AccessRoute access;
    private final ThreadLocal<Deadlines> deadlines = ThreadLocal.withInitial(this::deadlinesOfLoop);

    @Inject
    KvRoute(
            Vertx vertx,
            ClusterMap map,
            Reads reads,
            Writes writes,
            RequestMetrics metrics,
            Bodies bodies,
            Feed feed,
            Farewell farewell,
            AccessRoute access) {
        this.farewell = farewell;
        this.access = access;
        this.vertx = vertx;
        this.map = map;
        this.reads = reads;
        this.writes = writes;
        this.metrics = metrics;
        this.bodies = bodies.values();
        this.feed = feed;
    }

    void register(@Observes Router router) {
        router.route().order(Admission.ORDER + 1).handler(this::handle);
    }

    private void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (farewell.asked()) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        String path = request.path();
        if (path == null || !path.startsWith(PREFIX)) {
            routing.next();
            return;
        }
        long startNanos = System.nanoTime();
        try {
            dispatch(request, path, startNanos);
        } catch (ApiException refused) {
            bodies.refuse(request, problem -> Problems.send(request, problem), refused);
            metrics.answered(request.method(), refused.code().status(), System.nanoTime() - startNanos);
        } catch (RuntimeException bug) {
            LOG.errorf(bug, "%s %s", request.method(), path);
            bodies.refuse(
                    request,
                    problem -> Problems.send(request, problem),
                    new ApiException(ErrorCode.INTERNAL, "the request failed; see the log of the store"));
        }
    }

    private void dispatch(HttpServerRequest request, String path, long startNanos) {
        HttpMethod method = request.method();
        boolean read = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (!read && !method.equals(HttpMethod.PUT) && !method.equals(HttpMethod.DELETE)) {
            request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD, PUT, DELETE");
            throw new ApiException(ErrorCode.METHOD_NOT_ALLOWED, method + " is not a method of a key");
        }
        String key = key(path);
        int shards = map.shards();
        if (shards == 0) {
            throw new ApiException(ErrorCode.NO_LEADER, "this store has not been registered yet", 1_000);
        }
        Context context = vertx.getOrCreateContext();
        Exchange exchange = new Exchange(request, context, metrics, startNanos, key, ShardHash.shardOf(key, shards));
        if (!read) {
            exchange.fence().ifPresent(fence -> Fences.check(fence, exchange.shard(), shards));
        }
        String ifMatch = request.getHeader(HttpHeaders.IF_MATCH);
        String ifNoneMatch = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        if (read) {
            ReadOptions options = ReadOptions.parse(request.query(), ifMatch, ifNoneMatch);
            deadlines.get().add(exchange, startNanos);
            if (options.waitMs() > 0 && !exchange.isForwarded()) {
                wait(exchange, context, options);
            } else {
                reads.read(exchange, options);
            }
        } else if (method.equals(HttpMethod.PUT)) {
            put(exchange, Conditions.ofWrite(ifMatch, ifNoneMatch));
        } else {
            delete(exchange, ifMatch, ifNoneMatch);
        }
    }

    private void wait(Exchange exchange, Context context, ReadOptions options) {
        WaitingRead.start(vertx, context, feed, exchange, options, first -> reads.read(first, options), next -> {
            deadlines.get().add(next, System.nanoTime());
            // The token may have gone while it waited.
            access.refusalNow(next.request(), next.request().path())
                    .ifPresentOrElse(next::fail, () -> reads.read(next, options));
        });
    }

    private void put(Exchange exchange, Precondition precondition) {
        HttpServerRequest request = exchange.request();
        long ttlMs = QueryString.parse(request.query(), PUT_PARAMETERS)
                .durationMs("ttl", Limits.TTL_MS_MIN, Limits.TTL_MS_MAX, 0);
        String given = request.getHeader(HttpHeaders.CONTENT_TYPE);
        String contentType = given == null ? ContentTypes.DEFAULT : given;
        // Everything but the value is checked before the value is read.
        KvCommand.Put empty = new KvCommand.Put(exchange.key(), new byte[0], contentType, precondition, ttlMs);
        bodies.read(
                request,
                value -> {
                    deadlines.get().add(exchange, System.nanoTime());
                    writes.write(
                            exchange, new KvCommand.Put(empty.key(), value, contentType, precondition, ttlMs), value);
                },
                exchange::fail);
    }

    private void delete(Exchange exchange, String ifMatch, String ifNoneMatch) {
        if (ifNoneMatch != null) {
            throw new ApiException(ErrorCode.INVALID_ARGUMENT, "If-None-Match is not for DELETE; it takes If-Match");
        }
        Precondition precondition = Conditions.ofWrite(ifMatch, null);
        QueryString.parse(exchange.request().query(), Set.of());
        KvCommand command = new KvCommand.Delete(exchange.key(), precondition);
        deadlines.get().add(exchange, System.nanoTime());
        writes.write(exchange, command, null);
    }

    private static String key(String path) {
        // Each byte of a key takes at most three characters here.
        if (path.length() - PREFIX.length() > 3 * Limits.KEY_BYTES_MAX) {
            throw new ApiException(ErrorCode.KEY_TOO_LONG, "the key has more than " + Limits.KEY_BYTES_MAX + " bytes");
        }
        String key = PercentDecoder.decode(path.substring(PREFIX.length()), false, "the key");
        Keys.check(key);
        return key;
    }

    private Deadlines deadlinesOfLoop() {
        Deadlines made = new Deadlines(Limits.WRITE_TIMEOUT_MS * 1_000_000);
        vertx.setPeriodic(LOOK_MS, timer -> made.look(System.nanoTime()));
        return made;
    }
}
