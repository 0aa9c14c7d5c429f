package dev.ashlar.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.common.Limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** What each call sends, and what it makes of the answer. */
class CallsAndResultsTest {
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final String HELD = "{\"name\":\"{j}lock\",\"fencing_token\":%d,\"acquired\":true}";

    private final ScriptedStore store = new ScriptedStore();
    private final AshlarClient client = AshlarClient.builder()
            .endpoints(store.url())
            .token("secret")
            .toLeaders(false)
            .timeout(Duration.ofMinutes(1))
            .build();

    @AfterEach
    void close() {
        client.close();
        store.close();
    }

    private ScriptedStore.Asked last() {
        return store.asked.getLast();
    }

    @Test
    void aPutCarriesItsTerms() {
        store.written(5);
        client.put(
                "a b/ü",
                "v".getBytes(StandardCharsets.UTF_8),
                WriteOptions.NONE
                        .ifAbsent()
                        .ttl(TTL)
                        .contentType("text/x")
                        .holding(new Fence("{j}lock", 4))
                        .idempotencyKey("mine"));
        assertThat(last().method()).isEqualTo("PUT");
        assertThat(last().uri()).isEqualTo("/v1/kv/a%20b/%C3%BC?ttl=30000ms");
        assertThat(last().header("If-none-match")).isEqualTo("*");
        assertThat(last().header("Content-type")).isEqualTo("text/x");
        assertThat(last().header("Ashlar-fencing")).isEqualTo("{j}lock=4");
        assertThat(last().header("Idempotency-key")).isEqualTo("mine");
        assertThat(last().header("Authorization")).isEqualTo("Bearer secret");
        assertThat(last().body()).isEqualTo("v");
    }

    @Test
    void readsSayHowFreshTheyAre() {
        store.refuses(404, "not_found");
        assertThat(client.get("k")).isEmpty();
        assertThat(last().uri()).isEqualTo("/v1/kv/k");
        client.get("k", Consistency.stale());
        assertThat(last().uri()).isEqualTo("/v1/kv/k?consistency=stale");
        client.get("k", Consistency.stale(Duration.ofSeconds(5)));
        assertThat(last().uri()).isEqualTo("/v1/kv/k?consistency=stale&max_staleness=5000ms");
    }

    @Test
    void aMissingPageIsNotAMissingKey() {
        store.answers(404, "<html>");
        assertThat(catchThrowableOfType(AshlarException.class, () -> client.get("k"))
                        .code())
                .isEqualTo("http_404");
    }

    @Test
    void aDeletionTellsItsRevisionOrThatThereWasNothing() {
        store.answers(204, "", "Ashlar-Revision", "12").refuses(404, "not_found");
        assertThat(client.delete("k")).isEqualTo(OptionalLong.of(12));
        assertThat(client.delete("k")).isEmpty();
        store.answers(200, "{\"deleted\":3,\"atomic\":true}");
        client.delete("k");
        assertThat(client.deletePrefix("a/")).isEqualTo(new RangeDeleted(3, true));
        assertThat(last().uri()).isEqualTo("/v1/kv?prefix=a%2F");
        assertThat(last().header("Idempotency-key")).isNotEmpty();
    }

    @Test
    void aScanAsksForTheNextPageWhenTheLastIsUsedUp() {
        String item = "{\"key\":\"%s\",\"value\":\"dg==\",\"revision\":%d,\"content_type\":\"t\"}";
        store.answers(
                        200,
                        "{\"items\":[" + item.formatted("a", 1) + "," + item.formatted("b", 2) + "],\"cursor\":\"c1\"}")
                .answers(200, "{\"items\":[" + item.formatted("c", 3) + "],\"cursor\":null}");
        Scan scan = Scan.range("a", "z").pages(2);
        assertThat(client.scan(scan).limit(2).map(Entry::key)).containsExactly("a", "b");
        assertThat(store.asked).hasSize(1);
        assertThat(last().uri()).isEqualTo("/v1/kv?from=a&to=z&limit=2");
        assertThat(client.scan(scan).map(Entry::revision)).containsExactly(3L);
    }

    @Test
    void aScanGoesOnAtTheCursor() {
        store.answers(200, "{\"items\":[],\"cursor\":\"c1\"}")
                .answers(200, "{\"items\":[{\"key\":\"c\"}],\"cursor\":null}");
        List<String> keys = client.scan(Scan.prefix("p").reversed().withoutValues())
                .map(Entry::key)
                .toList();
        assertThat(keys).containsExactly("c");
        assertThat(last().uri()).isEqualTo("/v1/kv?prefix=p&reverse=true&keys_only=true&limit=500&cursor=c1");
    }

    @Test
    void aTransactionIsBuiltAndItsResultRead() {
        store.answers(200, """
                {"succeeded":true,"revision":9,"results":[{"op":"put","key":"{a}x","revision":8,"created":true},
                 {"op":"delete","key":"{a}y","deleted":false},
                 {"op":"get","key":"{a}z","found":true,"value":"dg==","revision":2,"content_type":"t"}]}""");
        TxnResult result = client.txn(
                new Txn()
                        .ifRevision("{a}x", 3)
                        .ifAbsent("{a}y")
                        .put("{a}x", "v")
                        .delete("{a}y")
                        .get("{a}z")
                        .otherwise()
                        .get("{a}x"),
                WriteOptions.NONE.holding(new Fence("{a}l", 2)));
        assertThat(result.succeeded()).isTrue();
        assertThat(result.revision()).isEqualTo(9);
        assertThat(result.steps().get(0)).isEqualTo(new TxnResult.Put("{a}x", 8, true));
        assertThat(result.steps().get(1)).isEqualTo(new TxnResult.Deleted("{a}y", OptionalLong.empty()));
        assertThat(result.entry("{a}z").map(Entry::text)).contains("v");
        assertThat(last().body())
                .contains("\"revision\":3", "\"absent\":true", "\"op\":\"delete\"", "\"else\":[{\"op\":\"get\"");
        assertThat(last().header("Ashlar-fencing")).isEqualTo("{a}l=2");
    }

    @Test
    void aLockIsHeldRenewedAndReleasedByOneOwner() {
        store.answers(200, HELD.formatted(7))
                .answers(200, HELD.formatted(7))
                .answers(204, "")
                .refuses(404, "not_found");
        HeldLock lock = client.lock("{j}lock", TTL, Duration.ZERO).orElseThrow();
        assertThat(lock.fence()).isEqualTo(new Fence("{j}lock", 7));
        assertThat(lock.left()).isPositive().isLessThanOrEqualTo(TTL);
        assertThat(lock.renew()).isTrue();
        assertThat(lock.release()).isTrue();
        assertThat(lock.release()).isFalse();
        assertThat(store.asked).allMatch(asked -> asked.body().contains(lock.owner()));
        assertThat(store.asked.getFirst().body()).contains("\"ttl\":\"30000ms\"", "\"wait\":\"0ms\"");
    }

    @Test
    void aRenewalUnderAnotherTokenWasTooLate() {
        store.answers(200, HELD.formatted(7)).answers(200, HELD.formatted(9)).answers(204, "");
        HeldLock lock = client.lock("{j}lock", TTL, Duration.ZERO).orElseThrow();
        assertThat(lock.renew()).isFalse();
        assertThat(last().method()).isEqualTo("DELETE");
    }

    @Test
    void aLockOfAnotherIsNoFault() {
        store.refuses(409, "locked");
        assertThat(client.lock("l", TTL, Duration.ofMillis(50))).isEmpty();
    }

    @Test
    void aWatchGoesOnAfterTheLastChangeAndEndsWhenTheHistoryIsGone() throws InterruptedException {
        store.answers(
                        200,
                        "id: c0\nevent: open\ndata: {}\n\nid: c1\nevent: put\ndata: {\"key\":\"a\",\"revision\":1,\"shard\":2,\"value\":\"dg==\"}\n\n")
                .refuses(503, "no_leader")
                .answers(200, "id: c2\nevent: delete\ndata: {\"key\":\"a\",\"revision\":2,\"shard\":2}\n\n")
                .refuses(410, "compacted");
        try (Watch watch = client.watch("a")) {
            Change put = watch.poll(Duration.ofMinutes(1)).orElseThrow();
            assertThat(put.entry().map(Entry::text)).contains("v");
            assertThat(put.shard()).isEqualTo(2);
            Change deleted = watch.poll(Duration.ofMinutes(1)).orElseThrow();
            assertThat(deleted.deletion()).isTrue();
            assertThat(watch.cursor()).isEqualTo("c2");
            for (int i = 0; i < 2; i++) {
                assertThat(catchThrowableOfType(AshlarException.class, () -> watch.poll(Duration.ofMinutes(1)))
                                .code())
                        .isEqualTo("compacted");
            }
        }
        assertThat(store.asked.get(0).uri()).isEqualTo("/v1/watch?prefix=a");
        assertThat(store.asked.get(2).header("Last-event-id")).isEqualTo("c1");
    }

    @Test
    void aWatchOfASlowClientGoesOnAndOneWhoseTokenIsWithdrawnEnds() throws InterruptedException {
        store.answers(
                        200,
                        "id: c1\nevent: put\ndata: {\"key\":\"a\",\"revision\":1}\n\nevent: resync\ndata: {\"code\":\"too_many_requests\"}\n\n")
                .answers(200, "event: refused\ndata: {\"code\":\"unauthenticated\",\"detail\":\"withdrawn\"}\n\n");
        try (Watch watch = client.watch("")) {
            assertThat(watch.poll(Duration.ofMinutes(1))).isPresent();
            assertThat(catchThrowableOfType(AshlarException.class, () -> watch.poll(Duration.ofMinutes(1)))
                            .code())
                    .isEqualTo("unauthenticated");
        }
        assertThat(store.asked.get(1).header("Last-event-id")).isEqualTo("c1");
    }

    @Test
    void whatCannotBeRightIsNotSent() {
        store.written(1);
        client.put("k".repeat(Limits.KEY_BYTES_MAX), "v");
        assertThat(Optional.of(catchThrowableOfType(
                                AshlarException.class, () -> client.put("k".repeat(Limits.KEY_BYTES_MAX + 1), "v")))
                        .map(AshlarException::code))
                .contains("key_too_long");
        for (Runnable wrong : List.<Runnable>of(
                () -> WriteOptions.NONE.ifRevision(0),
                () -> WriteOptions.NONE.ifAbsent().ifRevision(1),
                () -> WriteOptions.NONE.ttl(Duration.ofMillis(1)),
                () -> WriteOptions.NONE.idempotencyKey("a b"),
                () -> client.delete("k", WriteOptions.NONE.ifAbsent()),
                () -> client.txn(new Txn().get("k"), WriteOptions.NONE.ifRevision(1)),
                () -> client.txn(new Txn()),
                () -> AshlarClient.builder().endpoints("ftp://x").build())) {
            assertThatExceptionOfType(AshlarException.class)
                    .isThrownBy(wrong::run)
                    .matches(failure -> failure.code().equals("invalid_argument") && failure.status() == 0);
        }
        assertThat(store.asked).hasSize(1);
    }
}
