package dev.ashlar.store;

import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** {@code GET /v1/watch} and {@code ?wait=} of one store. */
@QuarkusTest
@QuarkusTestResource(OneStoreCluster.class)
class WatchContractTest extends Contract {
    private EventReader watch(String query, String lastEventId) throws Exception {
        return EventReader.open(base.resolve("/v1/watch?" + query), lastEventId);
    }

    private static JsonNode data(EventReader.Event event) throws Exception {
        return new ObjectMapper().readTree(event.data());
    }

    @Test
    void everyChangeOfThePrefixIsAnEvent() throws Exception {
        try (EventReader watch = watch("prefix=w1/", "")) {
            assertThat(watch.next().name()).isEqualTo("open");
            HttpResponse<String> put = send("PUT", "/v1/kv/w1/a", "hello", "Content-Type", "text/plain");
            send("PUT", "/v1/kv/other", "x");
            EventReader.Event first = watch.next();
            assertThat(first.name()).isEqualTo("put");
            assertThat(data(first).path("key").asText()).isEqualTo("w1/a");
            assertThat(data(first).path("value").asText()).isEqualTo("aGVsbG8=");
            assertThat(data(first).path("content_type").asText()).isEqualTo("text/plain");
            assertThat(data(first).path("created").asBoolean()).isTrue();
            assertThat(data(first).path("revision").asLong())
                    .isEqualTo(json(put).path("revision").asLong());
            send("DELETE", "/v1/kv/w1/a", null);
            EventReader.Event second = watch.next();
            assertThat(second.name()).isEqualTo("delete");
            assertThat(data(second).path("key").asText()).isEqualTo("w1/a");
            // Transactions, ranges and time to live tell what they do, too.
            post(
                    "/v1/txn",
                    "{\"then\":[{\"op\":\"put\",\"key\":\"w1/{t}\",\"text\":\"1\"},{\"op\":\"delete\",\"key\":\"w1/{t}\"}]}");
            assertThat(watch.next(2)).extracting(EventReader.Event::name).containsExactly("put", "delete");
            send("PUT", "/v1/kv/w1/b?ttl=1s", "x");
            assertThat(watch.next(2)).extracting(EventReader.Event::name).containsExactly("put", "delete");
            send("PUT", "/v1/kv/w1/c", "x");
            send("DELETE", "/v1/kv?prefix=w1/", null);
            assertThat(watch.next(2)).extracting(EventReader.Event::name).containsExactly("put", "delete");
        }
    }

    @Test
    void aWatchGoesOnWhereItsCursorSays() throws Exception {
        String cursor;
        try (EventReader watch = watch("prefix=w2/", "")) {
            cursor = watch.next().id();
        }
        for (int i = 0; i < 50; i++) {
            send("PUT", "/v1/kv/w2/" + i % 10, "v" + i);
        }
        List<EventReader.Event> all;
        try (EventReader watch = watch("prefix=w2/", cursor)) {
            assertThat(watch.next().name()).isEqualTo("open");
            all = watch.next(50);
        }
        Map<String, String> last = new HashMap<>();
        for (EventReader.Event event : all) {
            last.put(data(event).path("key").asText(), data(event).path("value").asText());
        }
        assertThat(last).hasSize(10).containsEntry("w2/9", "djQ5");
        for (int at : new int[] {0, 20, 48}) {
            try (EventReader watch = watch("prefix=w2/&from=" + all.get(at).id(), "")) {
                watch.next();
                List<EventReader.Event> rest = watch.next(49 - at);
                assertThat(rest)
                        .extracting(EventReader.Event::data)
                        .containsExactlyInAnyOrderElementsOf(all.subList(at + 1, 50).stream()
                                .map(EventReader.Event::data)
                                .toList());
            }
        }
        try (EventReader watch = watch("key=w2/3&keys_only", cursor)) {
            watch.next();
            List<EventReader.Event> one = watch.next(5);
            assertThat(one).allSatisfy(event -> {
                assertThat(data(event).path("key").asText()).isEqualTo("w2/3");
                assertThat(data(event).has("value")).isFalse();
            });
        }
    }

    @Test
    void anIdleWatchHearsAHeartbeatWithItsPosition() throws Exception {
        try (EventReader watch = watch("prefix=w3/", "")) {
            String opened = watch.nextBlock().id();
            send("PUT", "/v1/kv/elsewhere", "x");
            EventReader.Event heartbeat = watch.nextBlock();
            assertThat(heartbeat.name()).isEmpty();
            assertThat(heartbeat.id()).isNotEmpty().isNotEqualTo(opened);
        }
    }

    @Test
    void whoIsTooSlowIsToldToResyncAndAnOldCursorIsGone() throws Exception {
        String cursor;
        try (EventReader watch = watch("prefix=w4/", "")) {
            cursor = watch.next().id();
        }
        try (Socket slow = new Socket()) {
            slow.setReceiveBufferSize(16 << 10);
            slow.connect(new java.net.InetSocketAddress(base.getHost(), base.getPort()));
            slow.setSoTimeout(60_000);
            slow.getOutputStream()
                    .write("GET /v1/watch?prefix=w4/ HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream in = slow.getInputStream();
            StringBuilder seen = new StringBuilder();
            while (seen.indexOf("event: open") < 0) {
                seen.append((char) in.read());
            }
            // More than the history of its shard holds; the client does not read meanwhile.
            String value = "v".repeat(1 << 20);
            for (int i = 0; i < 80; i++) {
                assertThat(send("PUT", "/v1/kv/w4/%7Bslow%7D", value).statusCode())
                        .isBetween(200, 201);
            }
            byte[] buffer = new byte[1 << 20];
            String tail = "";
            while (!tail.contains("event: resync")) {
                int n = in.read(buffer);
                assertThat(n).as("the stream ended without a resync").isPositive();
                String piece = tail + new String(buffer, 0, n, StandardCharsets.ISO_8859_1);
                tail = piece.substring(Math.max(0, piece.length() - 4_096));
            }
            assertThat(tail).contains("\"code\":\"compacted\"");
        }
        HttpResponse<String> gone = send("GET", "/v1/watch?prefix=w4/&from=" + cursor, null);
        assertProblem(gone, 410, "compacted");
    }

    @Test
    void badRequestsAreRefused() throws Exception {
        assertProblem(send("GET", "/v1/watch?from=x", null), 400, "invalid_argument");
        // An empty header is none, and hides nothing.
        assertProblem(send("GET", "/v1/watch?from=x", null, "Last-Event-ID", ""), 400, "invalid_argument");
        assertProblem(send("GET", "/v1/watch?prefix=a&key=b", null), 400, "invalid_argument");
        assertProblem(send("GET", "/v1/watch?key=", null), 400, "invalid_argument");
        assertProblem(send("GET", "/v1/watch?since=1", null), 400, "invalid_argument");
        assertProblem(send("GET", "/v1/watch", null, "Last-Event-ID", "AQ"), 400, "invalid_argument");
        // A well-formed one of another cluster.
        assertProblem(send("GET", "/v1/watch?from=AQAAAAAAAAA", null), 410, "compacted");
        assertProblem(post("/v1/watch", ""), 405, "method_not_allowed");
    }

    @Test
    void aLongPollWaitsForAChange() throws Exception {
        String etag = header(send("PUT", "/v1/kv/poll", "1"), "ETag");
        long begunNanos = System.nanoTime();
        assertThat(send("GET", "/v1/kv/poll?wait=1s", null, "If-None-Match", etag)
                        .statusCode())
                .isEqualTo(304);
        assertThat(Duration.ofNanos(System.nanoTime() - begunNanos)).isGreaterThan(Duration.ofMillis(900));
        CompletableFuture<HttpResponse<String>> waiting = poll("/v1/kv/poll?wait=60s", etag);
        send("PUT", "/v1/kv/poll-other", "x");
        HttpResponse<String> second = send("PUT", "/v1/kv/poll", "2");
        assertThat(waiting.get().statusCode()).isEqualTo(200);
        assertThat(waiting.get().body()).isEqualTo("2");
        // It knows an older one: no reason to wait.
        assertThat(send("GET", "/v1/kv/poll?wait=60s", null, "If-None-Match", etag)
                        .body())
                .isEqualTo("2");
        CompletableFuture<HttpResponse<String>> untilGone = poll("/v1/kv/poll?wait=60s", header(second, "ETag"));
        send("DELETE", "/v1/kv/poll", null);
        assertThat(untilGone.get().statusCode()).isEqualTo(404);
    }

    @Test
    void aLongPollWithoutAnEtagWaitsForTheKey() throws Exception {
        assertThat(send("GET", "/v1/kv/appears?wait=1s", null).statusCode()).isEqualTo(404);
        CompletableFuture<HttpResponse<String>> waiting = poll("/v1/kv/appears?wait=60s", "");
        send("PUT", "/v1/kv/appears", "here");
        assertThat(waiting.get().body()).isEqualTo("here");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> send("GET", "/v1/kv/appears?wait=60s", null).statusCode() == 200);
    }

    private CompletableFuture<HttpResponse<String>> poll(String path, String etag) {
        var request = java.net.http.HttpRequest.newBuilder(base.resolve(path));
        if (!etag.isEmpty()) {
            request.header("If-None-Match", etag);
        }
        return CLIENT.sendAsync(request.build(), BodyHandlers.ofString());
    }
}
