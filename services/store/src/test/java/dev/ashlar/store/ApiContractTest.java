package dev.ashlar.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.ashlar.store.boot.StoreNode;
import dev.ashlar.store.replica.Replicas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The API of one store with real one-member groups on a disk, over real sockets. */
@QuarkusTest
@QuarkusTestResource(OneStoreCluster.class)
class ApiContractTest {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TestHTTPResource("/")
    URI base;

    @Inject
    StoreNode node;

    @Inject
    Replicas replicas;

    @BeforeEach
    void start() {
        if (!replicas.open()) {
            node.start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> replicas.all().size() == OneStoreCluster.SHARDS
                            && replicas.all().stream()
                                    .allMatch(replica -> replica.group().leaseValid()));
        }
    }

    @Test
    void writesReadsAndDeletesAKey() throws Exception {
        HttpResponse<String> created =
                send("PUT", "/v1/kv/app/db%2Furl", "hello", "Content-Type", "text/plain; charset=utf-8");
        assertThat(created.statusCode()).isEqualTo(201);
        String etag = created.headers().firstValue("ETag").orElseThrow();
        assertThat(created.body())
                .startsWith("{\"key\":\"app/db/url\",\"revision\":" + etag.replace("\"", "") + ",\"shard\":");

        HttpResponse<String> read = send("GET", "/v1/kv/app/db/url", null);
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.body()).isEqualTo("hello");
        assertThat(header(read, "Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(header(read, "ETag")).isEqualTo(etag);
        assertThat(header(read, "Ashlar-Consistency")).isEqualTo("linearizable");
        assertThat(header(read, "Ashlar-Served-By")).isEqualTo("store-0");
        assertThat(header(read, "Ashlar-Shard")).isNotEmpty();
        assertThat(header(read, "Ashlar-Revision")).isNotEmpty();

        HttpResponse<String> head = send("HEAD", "/v1/kv/app/db/url", null);
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length")).isEqualTo("5");
        assertThat(send("GET", "/v1/kv/app/db/url", null, "If-None-Match", etag).statusCode())
                .isEqualTo(304);
        assertThat(send("GET", "/v1/kv/app/db/url?consistency=stale&max_staleness=5s", null)
                        .body())
                .isEqualTo("hello");

        HttpResponse<String> replaced = send("PUT", "/v1/kv/app/db/url", "again", "If-Match", etag);
        assertThat(replaced.statusCode()).isEqualTo(200);
        HttpResponse<String> lost = send("PUT", "/v1/kv/app/db/url", "late", "If-Match", etag);
        assertThat(lost.statusCode()).isEqualTo(412);
        assertThat(lost.body()).contains("\"code\":\"revision_mismatch\"");
        assertThat(header(lost, "ETag")).isEqualTo(header(replaced, "ETag"));
        assertThat(send("PUT", "/v1/kv/app/db/url", "x", "If-None-Match", "*").body())
                .contains("\"code\":\"exists\"");

        assertThat(send("DELETE", "/v1/kv/app/db/url", null).statusCode()).isEqualTo(204);
        assertThat(send("DELETE", "/v1/kv/app/db/url", null).statusCode()).isEqualTo(404);
        HttpResponse<String> gone = send("GET", "/v1/kv/app/db/url", null);
        assertThat(gone.statusCode()).isEqualTo(404);
        assertThat(header(gone, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(gone.body()).contains("\"code\":\"not_found\"", "\"status\":404");
    }

    @Test
    void aRetryWithTheSameIdempotencyKeyGetsTheFirstAnswer() throws Exception {
        HttpResponse<String> first = send("PUT", "/v1/kv/idem", "v", "Idempotency-Key", "k-1");
        HttpResponse<String> again = send("PUT", "/v1/kv/idem", "v", "Idempotency-Key", "k-1");
        assertThat(again.statusCode()).isEqualTo(first.statusCode()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        HttpResponse<String> other = send("PUT", "/v1/kv/idem", "w", "Idempotency-Key", "k-1");
        assertThat(other.statusCode()).isBetween(400, 499);
        assertThat(send("GET", "/v1/kv/idem", null).body()).isEqualTo("v");
    }

    @Test
    void scansAllShardsInOrderPageByPage() throws Exception {
        for (int i = 0; i < 25; i++) {
            send("PUT", "/v1/kv/scan/%02d".formatted(i), "v" + i);
        }
        StringBuilder keys = new StringBuilder();
        String cursor = "";
        do {
            String page = send("GET", "/v1/kv?prefix=scan/&limit=7&keys_only&cursor=" + cursor, null)
                    .body();
            var matcher =
                    java.util.regex.Pattern.compile("\"key\":\"scan/(\\d+)\"").matcher(page);
            while (matcher.find()) {
                keys.append(matcher.group(1)).append(' ');
            }
            var next =
                    java.util.regex.Pattern.compile("\"cursor\":\"([^\"]+)\"").matcher(page);
            cursor = next.find() ? next.group(1) : "";
        } while (!cursor.isEmpty());
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 25; i++) {
            expected.append("%02d ".formatted(i));
        }
        assertThat(keys).hasToString(expected.toString());
        HttpResponse<String> stream =
                send("GET", "/v1/kv?prefix=scan/&reverse=true", null, "Accept", "application/x-ndjson");
        assertThat(stream.body().lines()).hasSize(25).first().asString().contains("\"scan/24\"", "\"value\":\"djI0\"");
    }

    @Test
    void aKeyWithATtlGoesAway() throws Exception {
        assertThat(send("PUT", "/v1/kv/short?ttl=1s", "v").statusCode()).isEqualTo(201);
        assertThat(send("GET", "/v1/kv/short", null).statusCode()).isEqualTo(200);
        await().atMost(Duration.ofSeconds(10))
                .until(() -> send("GET", "/v1/kv/short", null).statusCode() == 404);
    }

    @Test
    void describesTheCluster() throws Exception {
        HttpResponse<String> cluster = send("GET", "/v1/cluster", null);
        assertThat(cluster.statusCode()).isEqualTo(200);
        assertThat(cluster.body()).contains("\"cluster_id\":\"1111", "\"authoritative\":false", "\"health\":\"ok\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /v1/kv/a%ff                     | 400 | invalid_argument",
                "GET    | /v1/kv/                         | 400 | invalid_argument",
                "GET    | /v1/kv/a?consistency=eventual   | 400 | invalid_argument",
                "GET    | /v1/kv/a?max_staleness=-1s      | 400 | invalid_argument",
                "GET    | /v1/kv/a?unknown=1              | 400 | invalid_argument",
                "GET    | /v1/kv/a?wait=3m                | 400 | invalid_argument",
                "PUT    | /v1/kv/a?ttl=-5s                | 400 | invalid_argument",
                "PUT    | /v1/kv/a?ttl=5                  | 400 | invalid_argument",
                "PUT    | /v1/kv/a?ttl=99999999h          | 400 | invalid_argument",
                "POST   | /v1/kv/a                        | 405 | method_not_allowed",
                "PATCH  | /v1/kv/a                        | 405 | method_not_allowed",
                "POST   | /v1/kv                          | 405 | method_not_allowed",
                "GET    | /v1/kv?limit=0                  | 400 | invalid_argument",
                "GET    | /v1/kv?limit=x                  | 400 | invalid_argument",
                "GET    | /v1/kv?cursor=bad!              | 400 | invalid_argument",
                "GET    | /nothing/here                   | 404 | not_found",
            })
    void refusesBadRequestsWithAProblem(String method, String path, int status, String code) throws Exception {
        String answer =
                raw(method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        assertThat(answer).containsIgnoringCase("application/problem+json").contains("\"code\":\"" + code + "\"");
        if (status == 405) {
            assertThat(answer).containsIgnoringCase("\r\nallow: GET");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Match        | abc",
                "If-Match        | \"x\"",
                "If-None-Match   | \"1\"",
                "Idempotency-Key | 12345678901234567890123456789012345678901234567890123456789012345678901234567890"
                        + "12345678901234567890123456789012345678901234567890",
            })
    void refusesBadHeadersOfAWrite(String name, String value) throws Exception {
        HttpResponse<String> answer = send("PUT", "/v1/kv/refused", "v", name, value);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(name);
        assertThat(send("GET", "/v1/kv/refused", null).statusCode()).isEqualTo(404);
    }

    @Test
    void keysHaveALimitAndItIsReached() throws Exception {
        assertThat(send("PUT", "/v1/kv/" + "k".repeat(1024), "v").statusCode()).isEqualTo(201);
        HttpResponse<String> tooLong = send("PUT", "/v1/kv/" + "k".repeat(1025), "v");
        assertThat(tooLong.statusCode()).isEqualTo(414);
        assertThat(tooLong.body()).contains("key_too_long");
        assertThat(send("GET", "/v1/kv/" + "%e2%82%ac".repeat(342), null).statusCode())
                .isEqualTo(414);
    }

    @Test
    void valuesHaveALimitAndItIsReached() throws Exception {
        byte[] largest = new byte[1 << 20];
        assertThat(put("/v1/kv/large", BodyPublishers.ofByteArray(largest)).statusCode())
                .isEqualTo(201);
        assertThat(put("/v1/kv/large", BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(largest)))
                        .statusCode())
                .isEqualTo(200);
        assertThat(raw("PUT /v1/kv/larger HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n"))
                .startsWith("HTTP/1.1 413")
                .contains("value_too_large");
        String chunked = "PUT /v1/kv/larger HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + "20000\r\n"
                + "v".repeat(0x20000) + "\r\n";
        String more = ("20000\r\n" + "v".repeat(0x20000) + "\r\n").repeat(8);
        assertThat(raw(chunked + more)).startsWith("HTTP/1.1 413");
        assertThat(send("GET", "/v1/kv/larger", null).statusCode()).isEqualTo(404);
    }

    @Test
    void aTruncatedBodyWritesNothing() throws Exception {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.getOutputStream()
                    .write("PUT /v1/kv/truncated HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf"
                            .getBytes(StandardCharsets.US_ASCII));
        }
        // A write after it on the same shard is a barrier: had the truncated one been submitted, it would show now.
        send("PUT", "/v1/kv/%7Btruncated%7Dafter", "v");
        assertThat(send("GET", "/v1/kv/truncated", null).statusCode()).isEqualTo(404);
    }

    @Test
    void oversizedLinesAndHeadersAreRefused() throws Exception {
        assertThat(raw("GET /v1/kv/" + "k".repeat(20_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .matches("(?s)HTTP/1\\.[01] 414.*");
        assertThat(raw("GET /v1/kv/a HTTP/1.1\r\nHost: x\r\nX: " + "h".repeat(40_000) + "\r\n\r\n"))
                .matches("(?s)HTTP/1\\.[01] 431.*");
        // The server itself refuses an escape that is none, before any route.
        assertThat(raw("GET /v1/kv/a%zz HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 400");
        assertThat(raw("\u0001\u0002garbage\r\n\r\n")).startsWith("HTTP/1.");
    }

    @Test
    void aConnectionServesRequestAfterRequest() throws Exception {
        String answer = raw("PUT /v1/kv/alive HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nv"
                + "GET /v1/kv/alive HTTP/1.1\r\nHost: x\r\n\r\n"
                + "GET /v1/kv/alive?bad=1 HTTP/1.1\r\nHost: x\r\n\r\n"
                + "GET /v1/kv/alive HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(answer.split("HTTP/1.1 ", -1)).hasSize(5);
        assertThat(answer).contains("HTTP/1.1 400");
    }

    private HttpResponse<String> put(String path, HttpRequest.BodyPublisher body) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(base.resolve(path)).PUT(body).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** Sends bytes as they are and reads until the server closes. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(15_000);
            try {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            } catch (IOException closedEarly) {
                // The answer may be there all the same.
            }
            StringBuilder answer = new StringBuilder();
            InputStream in = socket.getInputStream();
            byte[] buffer = new byte[8192];
            try {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    answer.append(new String(buffer, 0, n, StandardCharsets.ISO_8859_1));
                }
            } catch (IOException reset) {
                // What came before is what counts.
            }
            return answer.toString();
        }
    }
}
