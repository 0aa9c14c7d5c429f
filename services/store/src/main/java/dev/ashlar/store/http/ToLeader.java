package dev.ashlar.store.http;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.forward.Forwarded;
import dev.ashlar.store.forward.Forwarder;
import dev.ashlar.store.forward.Leaders;
import dev.ashlar.store.membership.Membership;

/**
 * Hands a request to the leader of its shard.
 *
 * <ol>
 *   <li>A request that another store sent is never sent on: 503, with the leader's address for that store.
 *   <li>A store that answers so has done nothing; the request goes once more, to the leader it named.
 *   <li>No leader is known, it cannot be reached, or leadership is moving: nothing was done. The request waits a moment and
 *       begins anew, at most {@link Limits#LEADER_WAIT_MS} in all: so it outlives an election, and a client needs no luck with
 *       the one time it tries again (S6). Then 503.
 *   <li>An answer that is lost: a read begins anew as well; 504 for a write, whose outcome is unknown.
 * </ol>
 */
@Singleton
public class ToLeader {
    private static final int SENDS_MAX = 2;

    private final Leaders leaders;
    private final Forwarder forwarder;
    private final Membership membership;

    @Inject
    ToLeader(Leaders leaders, Forwarder forwarder, Membership membership) {
        this.leaders = leaders;
        this.forwarder = forwarder;
        this.membership = membership;
    }

    /**
     * Answers {@code exchange} with what the leader says. On its event loop.
     *
     * @param again begins the request anew: this store may lead by then
     */
    void send(Exchange exchange, byte[] body, Runnable again) {
        String address = leaders.address(exchange.shard());
        if (exchange.isForwarded()) {
            notLeader(exchange, address);
        } else if (address.isEmpty()) {
            later(exchange, "it may be electing one", again);
        } else {
            send(exchange, body, address, 1, again);
        }
    }

    private static void later(Exchange exchange, String why, Runnable again) {
        exchange.markTurnedAway();
        if (!exchange.waitsForLeader(again)) {
            exchange.fail(noLeader(exchange, why));
        }
    }

    private void send(Exchange exchange, byte[] body, String address, int sends, Runnable again) {
        HttpMethod method = exchange.method();
        // Before it: what became of it may be known at once.
        exchange.markSent();
        forwarder.send(
                exchange.shard(),
                address,
                method,
                exchange.request().uri(),
                headers(exchange),
                body == null ? null : Buffer.buffer(body),
                result -> took(exchange, body, sends, address, result, again));
    }

    private void took(Exchange exchange, byte[] body, int sends, String address, Forwarded result, Runnable again) {
        if (exchange.isAnswered()) {
            return;
        }
        switch (result) {
            case Forwarded.Answered answer -> {
                String leader = answer.status() == 503 ? answer.headers().get(Headers.NOT_LEADER) : null;
                if (leader != null && !leader.isEmpty() && !leader.equals(address) && sends < SENDS_MAX) {
                    send(exchange, body, leader, sends + 1, again);
                } else if (leader != null) {
                    later(exchange, "leadership is moving", again);
                } else {
                    relay(exchange, answer);
                }
            }
            case Forwarded.NotSent notSent -> later(exchange, "the store at " + address + " cannot be reached", again);
            case Forwarded.Lost lost -> {
                if (exchange.isWrite()) {
                    exchange.fail(exchange.unknownOutcome("the leader gave no answer"));
                } else {
                    later(exchange, "the leader gave no answer", again);
                }
            }
        }
    }

    /** Tells a store that forwarded a request that nothing was done here, and where the leader is. */
    private void notLeader(Exchange exchange, String leader) {
        if (!exchange.isAnswered()) {
            exchange.request().response().putHeader(Headers.NOT_LEADER, leader);
            exchange.fail(noLeader(exchange, "this store does not lead it"));
        }
    }

    private static ApiException noLeader(Exchange exchange, String why) {
        return new ApiException(
                ErrorCode.NO_LEADER,
                "shard " + exchange.shard() + " has no leader that can be reached: " + why + ". Nothing was changed",
                1_000);
    }

    private MultiMap headers(Exchange exchange) {
        MultiMap from = exchange.request().headers();
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        copy(from, headers, HttpHeaders.CONTENT_TYPE);
        copy(from, headers, HttpHeaders.IF_MATCH);
        copy(from, headers, HttpHeaders.IF_NONE_MATCH);
        copy(from, headers, HttpHeaders.AUTHORIZATION);
        copy(from, headers, Headers.IDEMPOTENCY_KEY);
        copy(from, headers, Headers.FENCING);
        headers.set(Headers.FORWARDED, membership.name());
        return headers;
    }

    private static void copy(MultiMap from, MultiMap to, CharSequence name) {
        String value = from.get(name);
        if (value != null) {
            to.set(name, value);
        }
    }

    private static void relay(Exchange exchange, Forwarded.Answered answer) {
        if (exchange.parks(answer.status()) || !exchange.claim()) {
            return;
        }
        MultiMap to =
                exchange.request().response().setStatusCode(answer.status()).headers();
        MultiMap from = answer.headers();
        copy(from, to, HttpHeaders.CONTENT_TYPE);
        copy(from, to, HttpHeaders.ETAG);
        copy(from, to, HttpHeaders.RETRY_AFTER);
        copy(from, to, Headers.SHARD);
        copy(from, to, Headers.REVISION);
        copy(from, to, Headers.SERVED_BY);
        copy(from, to, Headers.CONSISTENCY);
        if (exchange.method().equals(HttpMethod.HEAD)) {
            copy(from, to, HttpHeaders.CONTENT_LENGTH);
            exchange.end();
        } else if (answer.body().length() == 0) {
            exchange.end();
        } else {
            exchange.end(answer.body().getBytes());
        }
    }
}
