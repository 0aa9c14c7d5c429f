package dev.ashlar.store;

import java.net.http.HttpResponse;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code POST /v1/txn} of one store. */
@QuarkusTest
@QuarkusTestResource(OneStoreCluster.class)
class TxnContractTest extends Contract {
    @Test
    void comparesDecideAndAllStepsAreOne() throws Exception {
        String create = """
                {"if":[{"key":"{t1}a","absent":true}],
                 "then":[{"op":"put","key":"{t1}a","text":"1"},{"op":"put","key":"{t1}b","value":"Mg==","ttl":"1h"},
                         {"op":"get","key":"{t1}a"},{"op":"delete","key":"{t1}none"}],
                 "else":[{"op":"get","key":"{t1}a"}]}""";
        HttpResponse<String> first = post("/v1/txn", create);
        assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
        JsonNode done = json(first);
        assertThat(done.path("succeeded").asBoolean()).isTrue();
        long revision = done.path("results").path(0).path("revision").asLong();
        assertThat(done.path("results").path(1).path("revision").asLong()).isEqualTo(revision + 1);
        assertThat(done.path("results").path(2).path("value").asText()).isEqualTo("MQ==");
        assertThat(done.path("results").path(3).path("deleted").asBoolean()).isFalse();
        assertThat(done.path("revision").asLong()).isEqualTo(revision + 1);
        assertThat(header(first, "Ashlar-Shard")).isNotEmpty();
        assertThat(send("GET", "/v1/kv/%7Bt1%7Db", null).body()).isEqualTo("2");

        JsonNode again = json(post("/v1/txn", create));
        assertThat(again.path("succeeded").asBoolean()).isFalse();
        assertThat(again.path("results").path(0).path("revision").asLong()).isEqualTo(revision);

        JsonNode swapped = json(post("/v1/txn", """
                {"if":[{"key":"{t1}a","revision":%d},{"key":"{t1}b","text":"2"},{"key":"{t1}b","exists":true}],
                 "then":[{"op":"delete","key":"{t1}a"}]}""".formatted(revision)));
        assertThat(swapped.path("succeeded").asBoolean()).isTrue();
        assertThat(send("GET", "/v1/kv/%7Bt1%7Da", null).statusCode()).isEqualTo(404);
    }

    @Test
    void keysOfTwoShardsAreRefusedByName() throws Exception {
        // Among so many keys two are of different shards.
        StringBuilder steps = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            steps.append(i > 0 ? "," : "").append("{\"op\":\"put\",\"key\":\"many/%d\",\"text\":\"x\"}".formatted(i));
        }
        HttpResponse<String> refused = post("/v1/txn", "{\"then\":[" + steps + "]}");
        assertProblem(refused, 409, "cross_shard");
        assertThat(refused.body()).contains("many/0", "{tag}");
        assertThat(send("GET", "/v1/kv/many/0", null).statusCode()).isEqualTo(404);
    }

    @Test
    void aRetryWithItsIdempotencyKeyGetsTheFirstAnswer() throws Exception {
        String txn =
                "{\"then\":[{\"op\":\"put\",\"key\":\"{t2}a\",\"text\":\"1\"},{\"op\":\"get\",\"key\":\"{t2}a\"}]}";
        HttpResponse<String> first = post("/v1/txn", txn, "Idempotency-Key", "txn-1");
        HttpResponse<String> again = post("/v1/txn", txn, "Idempotency-Key", "txn-1");
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(post("/v1/txn", txn).body()).isNotEqualTo(first.body());
    }

    @Test
    void theNumberOfStepsHasALimitAndItIsReached() throws Exception {
        String step = "{\"op\":\"get\",\"key\":\"{t3}a\"}";
        String most = "{\"then\":[" + step + ("," + step).repeat(127) + "]}";
        assertThat(json(post("/v1/txn", most)).path("results")).hasSize(128);
        String more = "{\"then\":[" + step + ("," + step).repeat(128) + "]}";
        assertProblem(post("/v1/txn", more), 400, "invalid_argument");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() throws Exception {
        String value = "A".repeat(1 << 20);
        assertProblem(
                post(
                        "/v1/txn",
                        "{\"then\":[{\"op\":\"put\",\"key\":\"a\",\"text\":\"%s\"},{\"op\":\"put\",\"key\":\"a\",\"text\":\"%s\"}]}"
                                .formatted(value, value.substring(1000))),
                413,
                "value_too_large");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"then\":{}}",
                "{\"then\":[{\"op\":\"put\",\"key\":\"a\"}]}",
                "{\"then\":[{\"op\":\"put\",\"key\":\"a\",\"value\":\"?\"}]}",
                "{\"then\":[{\"op\":\"put\",\"key\":\"a\",\"value\":\"MQ==\",\"text\":\"1\"}]}",
                "{\"then\":[{\"op\":\"inc\",\"key\":\"a\"}]}",
                "{\"then\":[{\"op\":\"get\",\"key\":\"a\",\"text\":\"1\"}]}",
                "{\"then\":[{\"op\":\"get\",\"key\":\"\"}]}",
                "{\"then\":[{\"op\":\"get\",\"key\":\"a\",\"keys\":1}]}",
                "{\"then\":[{\"op\":\"txn\",\"key\":\"a\"}]}",
                "{\"when\":[]}",
                "{\"if\":[{\"key\":\"a\"}],\"then\":[]}",
                "{\"if\":[{\"key\":\"a\",\"absent\":true,\"revision\":1}]}",
                "{\"if\":[{\"key\":\"a\",\"revision\":0}]}",
                "{\"if\":[{\"key\":\"a\",\"absent\":false}]}",
                "{\"if\":[{\"key\":\"a\",\"absent\":true}]} trailing",
                "{\"if\":[{\"key\":\"a\",\"key\":\"b\",\"absent\":true}]}",
                "[[[[[[[[[[[[[[[[",
            })
    void whatIsNoTransactionIsRefused(String body) throws Exception {
        assertProblem(post("/v1/txn", body), 400, "invalid_argument");
    }

    @Test
    void onlyPostIsItsMethod() throws Exception {
        HttpResponse<String> get = send("GET", "/v1/txn", null);
        assertProblem(get, 405, "method_not_allowed");
        assertThat(header(get, "Allow")).isEqualTo("POST");
    }
}
