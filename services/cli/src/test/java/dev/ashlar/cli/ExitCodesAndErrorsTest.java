package dev.ashlar.cli;

import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.ashlar.common.Limits;

import static org.assertj.core.api.Assertions.assertThat;

class ExitCodesAndErrorsTest {
    private final FakeStore store = new FakeStore();

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest
    @CsvSource({
        "404, not_found, 1",
        "400, invalid_argument, 3",
        "401, unauthenticated, 3",
        "412, revision_mismatch, 3",
        "412, exists, 3",
        "413, value_too_large, 3",
        "429, too_many_requests, 3",
        "503, disk_full, 3",
        "504, timeout, 4",
        "418, something_new, 3",
        "502, something_new, 4"
    })
    void aProblemIsOneLineWithItsCodeAndTheExitCodeOfItsKind(int status, String code, int exit) {
        store.refuses(status, code, "what was wrong");
        // What may change is asked for again until then.
        Ran ran = Ran.ashlar("ls", "a", "--timeout", "1", "-e", store.url());

        assertThat(ran.exit()).isEqualTo(exit);
        assertThat(ran.err())
                .startsWith("ashlar: " + code + ": what was wrong.")
                .hasLineCount(1);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void aTimeoutOfAWriteSaysThatItsOutcomeIsUnknown() {
        store.refuses(504, "timeout", "no majority confirmed it in time");
        Ran ran = Ran.ashlar("put", "a", "1", "--timeout", "1", "-e", store.url());
        assertThat(ran.exit()).isEqualTo(4);
        assertThat(ran.err())
                .contains("may have been applied or not", "no majority confirmed it in time")
                .contains("--idempotency-key " + store.asked.getFirst().header("Idempotency-key"))
                .hasLineCount(1);
    }

    @Test
    void anAnswerThatIsNoProblemIsShownByItsStatus() {
        store.answers(500, "<html>oops");
        Ran ran = Ran.ashlar("get", "a", "-e", store.url());
        assertThat(ran.exit()).isEqualTo(3);
        assertThat(ran.err()).contains("http_500").contains(store.url());
    }

    @Test
    void anAnswerOfAnotherServerIsNotMistakenForACluster() {
        store.answers(200, "<html>hello");
        Ran ran = Ran.ashlar("status", "-e", store.url());
        assertThat(ran.exit()).isEqualTo(3);
        assertThat(ran.err()).contains("Is it the right address?");
    }

    @Test
    void nobodyThereSaysWhatWasTried() throws Exception {
        String dead = Ran.deadUrl();
        Ran ran = Ran.ashlar("put", "a", "1", "-e", dead);
        assertThat(ran.exit()).isEqualTo(4);
        assertThat(ran.err())
                .contains(dead + " (connection refused)")
                .contains("ashlar dev")
                .hasLineCount(1);
    }

    @Test
    void theNextEndpointIsAskedWhenOneIsDownOrHasNoLeader() throws Exception {
        try (FakeStore electing = new FakeStore()) {
            electing.refuses(503, "no_leader", "shard 1 has no leader", "Retry-After", "1");
            store.answers(200, "value");
            String list = Ran.deadUrl() + "," + electing.url() + "," + store.url();

            assertThat(Ran.ashlar("get", "a", "-e", list).out()).isEqualTo("value");
            assertThat(electing.asked).hasSize(1);
        }
    }

    @Test
    void aWriteIsSentAgainWithTheSameIdempotencyKeyUntilThereIsALeader() {
        store.refuses(503, "no_leader", "electing").answers(201, "{\"key\":\"a\",\"revision\":1,\"shard\":0}");
        Ran ran = Ran.ashlar("put", "a", "1", "-e", store.url());

        assertThat(ran.exit()).isZero();
        assertThat(store.asked).hasSize(2);
        assertThat(store.asked.get(0).header("Idempotency-key"))
                .isEqualTo(store.asked.get(1).header("Idempotency-key"));
    }

    @Test
    void withoutALeaderUntilTheTimeoutTheProblemIsTold() {
        store.refuses(503, "no_leader", "shard 1 has no leader");
        Ran ran = Ran.ashlar("get", "a", "--timeout", "1", "-e", store.url());
        assertThat(ran.exit()).isEqualTo(4);
        assertThat(ran.err()).contains("no_leader: shard 1 has no leader.");
    }

    @Test
    void theLeaderThatIsNamedIsAskedNext() {
        try (FakeStore follower = new FakeStore()) {
            follower.refuses(503, "no_leader", "not me", "Ashlar-Leader", store.url());
            store.answers(
                    200,
                    "{\"events\":[{\"id\":5,\"at_ms\":0,\"kind\":\"leader_moved\",\"subject\":\"shard 1\","
                            + "\"reason\":\"store-1 died\"}]}");
            Ran ran = Ran.ashlar("events", "--coordinator", follower.url(), "--after", "4");

            assertThat(ran.out()).contains("leader_moved").contains("store-1 died");
            assertThat(store.asked.getFirst().uri()).isEqualTo("/v1/events?after=4");
        }
    }

    @Test
    void endpointAndTokenComeFromTheEnvironment() {
        store.answers(200, "v");
        Ran.ashlar(Map.of("ASHLAR_ENDPOINT", store.url() + "/", "ASHLAR_TOKEN", "s3cret"), "", "get", "a");
        assertThat(store.asked.getFirst().header("Authorization")).isEqualTo("Bearer s3cret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "frobnicate",
                "get",
                "get a --consistency odd",
                "get a --max-staleness soon",
                "put a 1 --ttl -5s",
                "put a 1 --ttl 30",
                "put a 1 --if-absent --if-revision 3",
                "put a 1 --if-revision 0",
                "put a 1 --idempotency-key ü",
                "put a @/no/such/file",
                "ls --limit 0",
                "get a -o yaml",
                "get a -e ftp://x",
                "get a -e ,",
                "get a --timeout 0",
                "dev --stores 11",
                "dev --shards 0",
                "dev --port-offset 60000"
            })
    void aWrongCommandLineIsTwoAndNothingIsSent(String line) {
        store.answers(200, "");
        Ran ran = Ran.ashlar(
                Map.of("ASHLAR_ENDPOINT", store.url()), "", line.isEmpty() ? new String[0] : line.split(" ", -1));
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).isNotBlank().doesNotContain("\tat ");
        assertThat(store.asked).isEmpty();
    }

    @Test
    void keysAndValuesBeyondTheLimitsAreNotSent() {
        store.answers(201, "{\"key\":\"a\",\"revision\":1,\"shard\":0}");
        String longest = "k".repeat(Limits.KEY_BYTES_MAX);
        assertThat(Ran.ashlar("put", longest, "1", "-e", store.url()).exit()).isZero();
        assertThat(Ran.ashlar("put", longest + "k", "1", "-e", store.url()).exit())
                .isEqualTo(2);
        assertThat(Ran.ashlar(Map.of(), "v".repeat(Limits.VALUE_BYTES_MAX), "put", "a", "-", "-e", store.url())
                        .exit())
                .isZero();
        assertThat(Ran.ashlar(Map.of(), "v".repeat(Limits.VALUE_BYTES_MAX + 1), "put", "a", "-", "-e", store.url())
                        .exit())
                .isEqualTo(3);
        assertThat(store.asked).hasSize(2);
    }

    @Test
    void helpHasExamplesAndIsASuccess() {
        for (String word : new String[] {"put", "get", "del", "ls", "status", "events", "dev", "completion"}) {
            Ran ran = Ran.ashlar(word, "--help");
            assertThat(ran.exit()).isZero();
            assertThat(ran.out()).contains("Examples:");
        }
        assertThat(Ran.ashlar("completion").out()).contains("complete").contains("--if-revision");
    }
}
