package dev.ashlar.store;

import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import dev.ashlar.raft.Command;
import dev.ashlar.store.kv.KvCallback;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvResult;
import dev.ashlar.store.kv.KvSubmission;
import dev.ashlar.store.kv.Precondition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** {@code /v1/locks} and {@code Ashlar-Fencing} of one store. */
@QuarkusTest
@QuarkusTestResource(OneStoreCluster.class)
class LockContractTest extends Contract {
    private HttpResponse<String> acquire(String name, String owner, String more) throws Exception {
        return post("/v1/locks/" + name, "{\"owner\":\"%s\"%s}".formatted(owner, more));
    }

    private HttpResponse<String> release(String name, String owner) throws Exception {
        return send("DELETE", "/v1/locks/" + name, "{\"owner\":\"%s\"}".formatted(owner));
    }

    private static long token(HttpResponse<String> held) throws Exception {
        assertThat(held.statusCode()).as(held.body()).isEqualTo(200);
        return json(held).path("fencing_token").asLong();
    }

    @Test
    void oneOwnerHoldsALockUntilItIsReleased() throws Exception {
        HttpResponse<String> first = acquire("jobs/7", "a", ",\"ttl\":\"30s\"");
        long token = token(first);
        assertThat(json(first).path("acquired").asBoolean()).isTrue();
        assertThat(json(first).path("name").asText()).isEqualTo("jobs/7");
        HttpResponse<String> renewed = acquire("jobs%2F7", "a", "");
        assertThat(token(renewed)).isEqualTo(token);
        assertThat(json(renewed).path("acquired").asBoolean()).isFalse();

        HttpResponse<String> refused = acquire("jobs/7", "b", "");
        assertProblem(refused, 409, "locked");
        JsonNode holder = json(refused);
        assertThat(holder.path("owner").asText()).isEqualTo("a");
        assertThat(holder.path("fencing_token").asLong()).isEqualTo(token);
        assertThat(holder.path("expires_in_ms").asLong()).isBetween(1L, 30_000L);
        assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(1, 30);
        assertProblem(release("jobs/7", "b"), 409, "locked");

        assertThat(release("jobs/7", "a").statusCode()).isEqualTo(204);
        assertProblem(release("jobs/7", "a"), 404, "not_found");
        assertThat(token(acquire("jobs/7", "b", ""))).isGreaterThan(token);
    }

    @Test
    void whoWaitsGetsItWhenItIsReleased() throws Exception {
        acquire("wait", "a", "");
        assertProblem(acquire("wait", "b", ",\"wait\":\"1s\""), 409, "locked");
        CompletableFuture<HttpResponse<String>> waiting = CLIENT.sendAsync(
                HttpRequest.newBuilder(base.resolve("/v1/locks/wait"))
                        .POST(BodyPublishers.ofString("{\"owner\":\"b\",\"wait\":\"60s\"}"))
                        .build(),
                BodyHandlers.ofString());
        release("wait", "a");
        assertThat(waiting.get().statusCode()).isEqualTo(200);
        assertProblem(acquire("wait", "a", ""), 409, "locked");
    }

    @Test
    void whoWaitsGetsItWhenItsTimeRunsOut() throws Exception {
        long token = token(acquire("ttl", "a", ",\"ttl\":\"1s\""));
        HttpResponse<String> next = acquire("ttl", "b", ",\"wait\":\"60s\"");
        assertThat(token(next)).isGreaterThan(token);
    }

    @Test
    void aRequestThatItsClientAbandonedFreesNothingOfTheSameOwner() throws Exception {
        int locks = 20;
        String body = "{\"owner\":\"a\",\"ttl\":\"1h\"}";
        CountDownLatch go = new CountDownLatch(1);
        List<CompletableFuture<HttpResponse<String>>> retries = new ArrayList<>();
        // While this write is told its outcome, nothing of any shard is applied: the requests wait in the store.
        replicas.of(0)
                .group()
                .submit(KvSubmission.of(
                        new KvCommand.Delete("none", Precondition.NONE), 1, Optional.empty(), new KvCallback() {
                            @Override
                            public void applied(KvResult result) {
                                await().atMost(Duration.ofSeconds(30)).until(() -> go.getCount() == 0);
                            }

                            @Override
                            public void failed(Command.Failure failure) {}
                        }));
        try {
            for (int i = 0; i < locks; i++) {
                try (Socket abandoned = new Socket(base.getHost(), base.getPort())) {
                    abandoned
                            .getOutputStream()
                            .write(("POST /v1/locks/left-" + i + " HTTP/1.1\r\nHost: x\r\nContent-Length: "
                                            + body.length() + "\r\n\r\n" + body)
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            }
            for (int i = 0; i < locks; i++) {
                retries.add(CLIENT.sendAsync(
                        HttpRequest.newBuilder(base.resolve("/v1/locks/left-" + i))
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString()));
            }
            for (int i = 0; i < 3; i++) {
                send("GET", "/v1/kv/none?consistency=stale", null);
            }
        } finally {
            go.countDown();
        }
        for (CompletableFuture<HttpResponse<String>> retry : retries) {
            token(retry.get());
        }
        for (int i = 0; i < locks; i++) {
            assertProblem(acquire("left-" + i, "b", ""), 409, "locked");
        }
    }

    @Test
    void aFenceLetsTheHolderWriteAndNobodyElse() throws Exception {
        String lock = "%7Bf%7Dlock";
        long old = token(acquire(lock, "a", ""));
        assertThat(send("PUT", "/v1/kv/%7Bf%7Dk", "1", "Ashlar-Fencing", "{f}lock=" + old)
                        .statusCode())
                .isEqualTo(201);
        release(lock, "a");
        long now = token(acquire(lock, "b", ""));
        String oldFence = "{f}lock=" + old;
        assertProblem(send("PUT", "/v1/kv/%7Bf%7Dk", "2", "Ashlar-Fencing", oldFence), 412, "fenced");
        assertProblem(send("DELETE", "/v1/kv/%7Bf%7Dk", null, "Ashlar-Fencing", oldFence), 412, "fenced");
        String txn = "{\"then\":[{\"op\":\"put\",\"key\":\"{f}k\",\"text\":\"3\"}]}";
        assertProblem(post("/v1/txn", txn, "Ashlar-Fencing", oldFence), 412, "fenced");
        HttpResponse<String> batch = post(
                "/v1/batch",
                "{\"items\":[{\"op\":\"put\",\"key\":\"{f}k\",\"text\":\"4\"}]}",
                "Ashlar-Fencing",
                oldFence);
        assertThat(batch.statusCode()).isEqualTo(207);
        assertThat(batch.body()).contains("\"code\":\"fenced\"");
        assertThat(send("GET", "/v1/kv/%7Bf%7Dk", null).body()).isEqualTo("1");
        assertThat(post("/v1/txn", txn, "Ashlar-Fencing", "{f}lock=" + now).statusCode())
                .isEqualTo(200);
        assertThat(send("GET", "/v1/kv/%7Bf%7Dk", null).body()).isEqualTo("3");
    }

    @Test
    void aFenceOfALockInAnotherShardIsRefused() throws Exception {
        int refused = 0;
        for (int i = 0; i < 40; i++) {
            HttpResponse<String> answer = send("PUT", "/v1/kv/k" + i, "x", "Ashlar-Fencing", "elsewhere=1");
            assertThat(answer.statusCode()).isIn(409, 412);
            refused += answer.statusCode() == 409 ? 1 : 0;
            assertProblem(answer, answer.statusCode(), answer.statusCode() == 409 ? "cross_shard" : "fenced");
        }
        assertThat(refused).isPositive();
    }

    @Test
    void badRequestsAreRefused() throws Exception {
        assertProblem(post("/v1/locks/x", ""), 400, "invalid_argument");
        assertProblem(post("/v1/locks/x", "{}"), 400, "invalid_argument");
        assertProblem(acquire("x", "", ""), 400, "invalid_argument");
        assertProblem(acquire("x", "o".repeat(257), ""), 400, "invalid_argument");
        assertProblem(acquire("x", "a", ",\"ttl\":\"10ms\""), 400, "invalid_argument");
        assertProblem(acquire("x", "a", ",\"ttl\":\"2h\""), 400, "invalid_argument");
        assertProblem(acquire("x", "a", ",\"wait\":\"3m\""), 400, "invalid_argument");
        assertProblem(acquire("", "a", ""), 400, "invalid_argument");
        assertProblem(acquire("k".repeat(1025), "a", ""), 414, "key_too_long");
        assertProblem(send("GET", "/v1/locks/x", null), 405, "method_not_allowed");
        assertProblem(send("PUT", "/v1/kv/x", "v", "Ashlar-Fencing", "x"), 400, "invalid_argument");
        assertProblem(send("PUT", "/v1/kv/x", "v", "Ashlar-Fencing", "x=0"), 400, "invalid_argument");
    }
}
