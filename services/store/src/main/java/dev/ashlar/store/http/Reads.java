package dev.ashlar.store.http;

import java.io.IOException;
import java.util.Optional;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.jboss.logging.Logger;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.kv.Item;
import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * The way of a read.
 *
 * <ol>
 *   <li>Linearizable (the default), and this store leads with a lease: read the local state at once, on the event loop.
 *   <li>It leads without a lease: confirm leadership with a majority first (read index), then the same.
 *   <li>It does not lead: hand the request to the leader.
 *   <li>Stale: the local replica if it is fresh enough; a store without one asks the leader.
 * </ol>
 */
@Singleton
public class Reads {
    private static final Logger LOG = Logger.getLogger(Reads.class);

    private final Replicas replicas;
    private final ToLeader toLeader;
    private final Membership membership;

    @Inject
    Reads(Replicas replicas, ToLeader toLeader, Membership membership) {
        this.replicas = replicas;
        this.toLeader = toLeader;
        this.membership = membership;
    }

    /** On the event loop of the request. */
    void read(Exchange exchange, ReadOptions options) {
        Replica replica = replicas.of(exchange.shard());
        if (replica == null) {
            toLeader.send(exchange, null, () -> read(exchange, options));
        } else if (options.stale()) {
            stale(exchange, options, replica);
        } else if (replica.group().leaseValid()) {
            serve(exchange, options, replica);
        } else if (replica.leads()) {
            replica.group()
                    .readBarrier(
                            () -> exchange.onLoop(() -> serve(exchange, options, replica)),
                            failure -> exchange.onLoop(
                                    () -> toLeader.send(exchange, null, () -> read(exchange, options))));
        } else {
            toLeader.send(exchange, null, () -> read(exchange, options));
        }
    }

    private void stale(Exchange exchange, ReadOptions options, Replica replica) {
        long ageMs = replica.group().stalenessMs();
        if (ageMs > options.maxStalenessMs()) {
            exchange.fail(new ApiException(
                    ErrorCode.STALE,
                    "the replica of " + membership.name() + " may be "
                            + (ageMs == Long.MAX_VALUE ? "any time" : ageMs + " ms") + " old, more than "
                            + options.maxStalenessMs() + " ms",
                    1_000));
        } else {
            serve(exchange, options, replica);
        }
    }

    private void serve(Exchange exchange, ReadOptions options, Replica replica) {
        if (exchange.isAnswered()) {
            return;
        }
        try {
            Optional<Item> item = replica.kv().get(exchange.key());
            answer(exchange, options, replica.kv().revision(), item);
        } catch (IOException unreadable) {
            LOG.errorf("shard %d cannot be read: %s", exchange.shard(), unreadable.getMessage());
            exchange.fail(new ApiException(
                    ErrorCode.NO_LEADER,
                    "the replica of " + membership.name() + " cannot be read; another one will lead soon",
                    1_000));
        }
    }

    private void answer(Exchange exchange, ReadOptions options, long revision, Optional<Item> found) {
        CharSequence consistency = options.stale() ? Headers.STALE : Headers.LINEARIZABLE;
        if (found.isEmpty()) {
            if (exchange.parks(404)) {
                return;
            }
            exchange.request().response().headers().set(Headers.CONSISTENCY, consistency);
            exchange.fail(ErrorCode.NOT_FOUND, "there is no such key");
            return;
        }
        Item item = found.get();
        boolean has = options.ifNoneMatch() != null && Conditions.alreadyHas(options.ifNoneMatch(), item.revision());
        if ((has && exchange.parks(304)) || !exchange.claim()) {
            return;
        }
        HttpServerResponse response = exchange.head(has ? 304 : 200, membership.name(), revision);
        response.headers().set(Headers.CONSISTENCY, consistency).set(HttpHeaders.ETAG, Writes.etag(item.revision()));
        if (has) {
            exchange.end();
        } else {
            response.headers().set(HttpHeaders.CONTENT_TYPE, item.contentType());
            exchange.end(item.value());
        }
    }
}
