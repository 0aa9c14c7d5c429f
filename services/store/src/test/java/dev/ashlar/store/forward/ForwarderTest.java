package dev.ashlar.store.forward;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.access.Access;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.replica.Replicas;

import static org.assertj.core.api.Assertions.assertThat;

/** Against a real server: what becomes of requests to a store that answers, does not, or is not there. */
class ForwarderTest {
    private static final int SECONDS_MAX = 30;

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<Void> arrived = new CompletableFuture<>();
    private volatile long answersAfterMs;
    private volatile boolean moved;

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void anAnswerWithinTheGraceCountsWhoeverLeadsByThen() throws Exception {
        answersAfterMs = AwaitedAnswers.GRACE_MS / 2;
        moved = true;
        assertThat(send(server()).get(SECONDS_MAX, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(Forwarded.Answered.class, answer -> {
                    assertThat(answer.status()).isEqualTo(200);
                    assertThat(answer.body()).isEqualTo(Buffer.buffer("here"));
                });
    }

    @Test
    void aStoreThatStandsStillIsWaitedForNoLongerOnceAnotherOneLeads() throws Exception {
        CompletableFuture<Forwarded> result = send(server());
        arrived.get(SECONDS_MAX, TimeUnit.SECONDS);
        assertThat(result).isNotDone();
        moved = true;
        // Far below the time that an answer may take; the request itself is bounded by that.
        assertThat(result.get(AwaitedAnswers.GRACE_MS * 4, TimeUnit.MILLISECONDS))
                .isInstanceOf(Forwarded.Lost.class);
    }

    @Test
    void nothingIsSentWithoutAConnection() throws Exception {
        int port = server();
        vertx.close().toCompletionStage().toCompletableFuture().get(SECONDS_MAX, TimeUnit.SECONDS);
        Vertx other = Vertx.vertx();
        try {
            assertThat(send(other, port).get(SECONDS_MAX, TimeUnit.SECONDS)).isInstanceOf(Forwarded.NotSent.class);
        } finally {
            other.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private int server() throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(request -> {
            arrived.complete(null);
            if (answersAfterMs > 0) {
                vertx.setTimer(answersAfterMs, now -> request.response().end("here"));
            }
        });
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(SECONDS_MAX, TimeUnit.SECONDS)
                .actualPort();
    }

    private CompletableFuture<Forwarded> send(int port) {
        return send(vertx, port);
    }

    private CompletableFuture<Forwarded> send(Vertx from, int port) {
        Leaders leaders = new Leaders(new ClusterMap(), new Replicas()) {
            @Override
            boolean hasMovedFrom(int shard, String address, String before) {
                return moved;
            }
        };
        Access access = Access.of("auto", Optional.empty(), Optional.empty(), "127.0.0.1");
        Forwarder forwarder = new Forwarder(from, access, leaders);
        CompletableFuture<Forwarded> result = new CompletableFuture<>();
        from.getOrCreateContext()
                .runOnContext(now -> forwarder.send(
                        3,
                        "127.0.0.1:" + port,
                        HttpMethod.PUT,
                        "/v1/kv/a",
                        MultiMap.caseInsensitiveMultiMap(),
                        Buffer.buffer("b"),
                        result::complete));
        return result;
    }
}
