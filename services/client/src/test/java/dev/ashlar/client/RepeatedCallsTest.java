package dev.ashlar.client;

import java.time.Duration;
import java.util.OptionalLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.client.error.PreconditionFailedException;
import dev.ashlar.client.error.UnknownOutcomeException;
import dev.ashlar.client.error.UnreachableException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** S4 from the client's side: what is repeated, until when, and what is told when no answer came. */
class RepeatedCallsTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final String KEY = "Idempotency-key";

    private final ScriptedStore store = new ScriptedStore();

    @AfterEach
    void close() {
        store.close();
    }

    private AshlarClient client(Duration timeout) {
        return AshlarClient.builder()
                .endpoints(store.url())
                .timeout(timeout)
                .toLeaders(false)
                .build();
    }

    @Test
    void aWriteIsRepeatedUnderOneIdempotencyKeyUntilItIsAnswered() {
        store.refuses(503, "no_leader")
                .breaks()
                .refuses(504, "timeout")
                .refuses(429, "too_many_requests")
                .written(7)
                .written(8);
        try (AshlarClient client = client(LONG)) {
            assertThat(client.put("k", "v")).isEqualTo(new Written("k", 7, true, 0));
            client.put("k", "w");
        }
        assertThat(store.asked).hasSize(6);
        String key = store.asked.getFirst().header(KEY);
        assertThat(key).hasSize(36);
        assertThat(store.asked.subList(0, 5))
                .allMatch(asked -> asked.header(KEY).equals(key));
        assertThat(store.asked.getLast().header(KEY)).hasSize(36).isNotEqualTo(key);
    }

    @Test
    void aReadIsRepeatedToo() {
        store.breaks().refuses(503, "draining").answers(200, "v", "ETag", "\"3\"", "Content-Type", "text/plain");
        try (AshlarClient client = client(LONG)) {
            Entry entry = client.get("k").orElseThrow();
            assertThat(entry.text()).isEqualTo("v");
            assertThat(entry.revision()).isEqualTo(3);
        }
        assertThat(store.asked).hasSize(3);
    }

    @Test
    void itWaitsAsLongAsRetryAfterSays() {
        store.refuses(429, "too_many_requests", "Retry-After", "1").written(1);
        try (AshlarClient client = client(LONG)) {
            client.put("k", "v");
        }
        assertThat(store.asked.get(1).nanos() - store.asked.get(0).nanos()).isGreaterThanOrEqualTo(1_000_000_000L);
    }

    @Test
    void itDoesNotWaitBeyondItsTime() {
        store.refuses(429, "too_many_requests", "Retry-After", "600");
        try (AshlarClient client = client(LONG)) {
            AshlarException refused = catchThrowableOfType(AshlarException.class, () -> client.put("k", "v"));
            assertThat(refused.code()).isEqualTo("too_many_requests");
            assertThat(refused).isNotInstanceOf(UnknownOutcomeException.class);
        }
        assertThat(store.asked).hasSize(1);
    }

    @Test
    void whatWasNeverDoneIsToldAsSuch() {
        store.refuses(503, "no_leader", "Retry-After", "1");
        try (AshlarClient client = client(Duration.ofSeconds(3))) {
            AshlarException refused = catchThrowableOfType(AshlarException.class, () -> client.put("k", "v"));
            assertThat(refused.code()).isEqualTo("no_leader");
        }
        assertThat(store.asked).hasSizeGreaterThan(1);
    }

    @Test
    void aTryThatBrokeOffLeavesTheOutcomeUnknownWhateverIsSaidLater() {
        store.breaks().refuses(503, "no_leader");
        try (AshlarClient client = client(SHORT)) {
            UnknownOutcomeException unknown =
                    catchThrowableOfType(UnknownOutcomeException.class, () -> client.put("k", "v"));
            assertThat(unknown.idempotencyKey()).contains(store.asked.getFirst().header(KEY));
        }
        assertThat(store.asked).hasSizeGreaterThan(1);
    }

    @Test
    void aTokenThatIsRefusedAfterABrokenTryTellsNothing() {
        store.breaks().refuses(403, "forbidden");
        try (AshlarClient client = client(LONG)) {
            assertThatExceptionOfType(UnknownOutcomeException.class).isThrownBy(() -> client.put("k", "v"));
        }
    }

    @Test
    void aFaultOfTheServerLeavesTheOutcomeOfAWriteUnknownAndIsNotRepeated() {
        store.refuses(500, "internal");
        try (AshlarClient client = client(LONG)) {
            assertThatExceptionOfType(UnknownOutcomeException.class).isThrownBy(() -> client.delete("k"));
            assertThat(catchThrowableOfType(AshlarException.class, () -> client.get("k"))
                            .code())
                    .isEqualTo("internal");
        }
        assertThat(store.asked).hasSize(2);
    }

    @Test
    void aConditionThatDoesNotHoldIsToldWithThePresentRevisionAlsoByARepetition() {
        store.breaks().refuses(412, "revision_mismatch", "ETag", "\"9\"").refuses(412, "revision_mismatch");
        try (AshlarClient client = client(LONG)) {
            WriteOptions at = WriteOptions.NONE.ifRevision(4);
            PreconditionFailedException failed =
                    catchThrowableOfType(PreconditionFailedException.class, () -> client.put("k", new byte[0], at));
            assertThat(failed.currentRevision()).isEqualTo(OptionalLong.of(9));
            assertThat(failed.code()).isEqualTo("revision_mismatch");
            assertThat(catchThrowableOfType(PreconditionFailedException.class, () -> client.delete("k", at))
                            .currentRevision())
                    .isEmpty();
        }
        assertThat(store.asked).allMatch(asked -> asked.header("If-match").equals("\"4\""));
    }

    @Test
    void nobodyThereIsNoUnknownOutcome() {
        try (AshlarClient client = AshlarClient.builder()
                .endpoints(ScriptedStore.deadAddress())
                .timeout(SHORT)
                .build()) {
            assertThatExceptionOfType(UnreachableException.class).isThrownBy(() -> client.put("k", "v"));
        }
    }

    @Test
    void theNextEndpointIsAskedWhenOneIsDown() {
        store.written(1);
        try (AshlarClient client = AshlarClient.builder()
                .endpoints(ScriptedStore.deadAddress() + "," + store.url())
                .timeout(LONG)
                .build()) {
            client.put("k", "v");
        }
        assertThat(store.asked).hasSize(1);
    }

    @Test
    void anInterruptEndsACallAndStaysSet() {
        store.refuses(503, "no_leader", "Retry-After", "60");
        try (AshlarClient client = client(LONG)) {
            Thread.currentThread().interrupt();
            assertThat(catchThrowableOfType(AshlarException.class, () -> client.get("k"))
                            .code())
                    .isEqualTo("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
