package dev.ashlar.store;

import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code POST /v1/batch} and {@code DELETE /v1/kv?prefix=} of one store. */
@QuarkusTest
@QuarkusTestResource(OneStoreCluster.class)
class BatchContractTest extends Contract {
    private static final String NDJSON = "application/x-ndjson";

    @Test
    void everyItemHasItsAnswerAndOneFailureIsToldByTheStatus() throws Exception {
        HttpResponse<String> all = post("/v1/batch", """
                {"items":[{"op":"put","key":"b/1","text":"x","content_type":"text/plain"},
                          {"op":"put","key":"b/2","value":"eQ=="},{"op":"put","key":"b/1","text":"z"}]}""");
        assertThat(all.statusCode()).as(all.body()).isEqualTo(200);
        JsonNode items = json(all).path("items");
        assertThat(items).hasSize(3);
        assertThat(items.path(0).path("status").asInt()).isEqualTo(201);
        assertThat(items.path(2).path("status").asInt()).isEqualTo(200);
        assertThat(send("GET", "/v1/kv/b/1", null).body()).isEqualTo("z");

        HttpResponse<String> some =
                post("/v1/batch", """
                {"items":[{"op":"put","key":"b/1","text":"x","absent":true},{"op":"delete","key":"b/2"},
                          {"op":"delete","key":"b/none"},{"op":"put","key":"b/1","text":"w","revision":%d}]}""".formatted(items.path(2).path("revision").asLong()));
        assertThat(some.statusCode()).isEqualTo(207);
        assertThat(json(some).path("failed").asInt()).isEqualTo(2);
        assertThat(json(some).path("items").findValuesAsText("status")).containsExactly("412", "204", "404", "200");
        assertThat(json(some).path("items").path(0).path("code").asText()).isEqualTo("revision_mismatch");
    }

    @Test
    void aDocumentThatIsNotValidChangesNothing() throws Exception {
        assertProblem(
                post(
                        "/v1/batch",
                        "{\"items\":[{\"op\":\"put\",\"key\":\"b/bad\",\"text\":\"x\"},{\"op\":\"x\",\"key\":\"y\"}]}"),
                400,
                "invalid_argument");
        assertThat(send("GET", "/v1/kv/b/bad", null).statusCode()).isEqualTo(404);
        assertProblem(post("/v1/batch", "{\"items\":[]}", "Idempotency-Key", "x"), 400, "invalid_argument");
        assertProblem(post("/v1/batch", "{}"), 400, "invalid_argument");
        assertThat(json(post("/v1/batch", "{\"items\":[]}")).path("failed").asInt())
                .isZero();
    }

    @Test
    void aStreamIsAnsweredLineByLineInItsOrder() throws Exception {
        StringBuilder lines = new StringBuilder();
        int count = 5_000;
        for (int i = 0; i < count; i++) {
            lines.append("{\"op\":\"put\",\"key\":\"stream/%04d\",\"text\":\"%d\"}\n".formatted(i % 1000, i));
        }
        lines.append("not json\n\r\n{\"op\":\"delete\",\"key\":\"stream/0000\"}");
        HttpResponse<String> answer = post("/v1/batch", lines.toString(), "Content-Type", NDJSON);
        assertThat(answer.statusCode()).isEqualTo(200);
        List<String> answers = answer.body().lines().toList();
        assertThat(answers).hasSize(count + 2);
        ObjectMapper json = new ObjectMapper();
        for (int i = 0; i < count; i++) {
            assertThat(json.readTree(answers.get(i)).path("key").asText()).isEqualTo("stream/%04d".formatted(i % 1000));
        }
        assertThat(json.readTree(answers.get(count)).path("status").asInt()).isEqualTo(400);
        assertThat(json.readTree(answers.get(count + 1)).path("status").asInt()).isEqualTo(204);
        // Writes of one key are applied in their order.
        assertThat(send("GET", "/v1/kv/stream/0999", null).body()).isEqualTo("4999");
    }

    @Test
    void aBadIdempotencyKeyIsAnsweredInItsPlaceAndTheStreamGoesOn() throws Exception {
        String lines = "{\"op\":\"put\",\"key\":\"idem/1\",\"text\":\"x\",\"idempotency_key\":\"%s\"}\n"
                        .formatted("i".repeat(129))
                + "{\"op\":\"put\",\"key\":\"idem/1\",\"text\":\"y\",\"idempotency_key\":\"%s\"}\n"
                        .formatted("i".repeat(128))
                + "{\"op\":\"put\",\"key\":\"idem/1\",\"text\":\"z\"}\n";
        List<String> answers =
                post("/v1/batch", lines, "Content-Type", NDJSON).body().lines().toList();
        assertThat(answers).hasSize(3);
        assertThat(answers.get(0)).contains("\"status\":400", "\"code\":\"invalid_argument\"");
        assertThat(answers.get(1)).contains("\"status\":201");
        assertThat(answers.get(2)).contains("\"status\":200");
        assertProblem(
                post(
                        "/v1/batch",
                        "{\"items\":[{\"op\":\"delete\",\"key\":\"idem/1\"},{\"op\":\"delete\",\"key\":\"idem/2\",\"idempotency_key\":\"\"}]}"),
                400,
                "invalid_argument");
        assertThat(send("GET", "/v1/kv/idem/1", null).body()).isEqualTo("z");
    }

    @Test
    void answersComeWhileItemsStillDo() throws Exception {
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(30_000);
            String line = "{\"op\":\"put\",\"key\":\"live/1\",\"text\":\"x\"}\n";
            socket.getOutputStream()
                    .write(("POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Type: " + NDJSON
                                    + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + Integer.toHexString(line.length()) + "\r\n" + line + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            StringBuilder seen = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (seen.indexOf("\"status\":201") < 0) {
                int b = in.read();
                assertThat(b).as("the connection ended after " + seen).isNotNegative();
                seen.append((char) b);
            }
        }
    }

    @Test
    void aRangeIsDeletedOverAllShards() throws Exception {
        for (int i = 0; i < 30; i++) {
            send("PUT", "/v1/kv/range/" + i, "v");
        }
        send("PUT", "/v1/kv/range", "stays");
        HttpResponse<String> deleted = send("DELETE", "/v1/kv?prefix=range/", null, "Idempotency-Key", "range-1");
        assertThat(deleted.body()).isEqualTo("{\"deleted\":30,\"atomic\":true}\n");
        assertThat(send("DELETE", "/v1/kv?prefix=range/", null, "Idempotency-Key", "range-1")
                        .body())
                .isEqualTo(deleted.body());
        assertThat(send("DELETE", "/v1/kv?prefix=range/", null).body()).contains("\"deleted\":0");
        assertThat(json(send("GET", "/v1/kv?prefix=range", null)).path("items")).hasSize(1);
        assertProblem(send("DELETE", "/v1/kv", null), 400, "invalid_argument");
        assertProblem(send("DELETE", "/v1/kv?prefix=", null), 400, "invalid_argument");
        assertProblem(send("DELETE", "/v1/kv?prefix=range&limit=1", null), 400, "invalid_argument");
        assertProblem(send("DELETE", "/v1/kv?prefix=range", null, "If-Match", "*"), 400, "invalid_argument");
    }
}
