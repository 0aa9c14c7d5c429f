package dev.ashlar.store.kv;

import java.io.IOException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.ashlar.store.kv.KvFixture.delete;
import static dev.ashlar.store.kv.KvFixture.put;
import static org.assertj.core.api.Assertions.assertThat;

class ExpiryTest {
    private static final long TTL_MS = 1000;

    private KvFixture kv;

    @BeforeEach
    void open() throws IOException {
        kv = new KvFixture();
    }

    @AfterEach
    void close() throws IOException {
        kv.close();
    }

    @Test
    void anExpiredKeyStaysUntilItsExpiryIsApplied() throws IOException {
        kv.one(put("a", "1", Precondition.NONE, TTL_MS));
        kv.nowMs += 2 * TTL_MS;
        assertThat(kv.value("a")).isEqualTo("1");
        assertThat(kv.one(new KvCommand.Expire("a", 1))).isEqualTo(new KvResult.Deleted(2));
        assertThat(kv.value("a")).isEqualTo("absent");
        assertThat(kv.shard.nextExpiryMs()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void dueKeysAreListedEarliestFirst() throws IOException {
        kv.apply(
                put("late", "", Precondition.NONE, 3 * TTL_MS),
                put("b", "", Precondition.NONE, 2 * TTL_MS),
                put("a", "", Precondition.NONE, 2 * TTL_MS),
                put("first", "", Precondition.NONE, TTL_MS),
                put("never", ""));
        long start = kv.nowMs;
        assertThat(kv.shard.nextExpiryMs()).isEqualTo(start + TTL_MS);
        assertThat(kv.shard.dueExpiries(start + TTL_MS - 1, 10)).isEmpty();
        assertThat(kv.shard.dueExpiries(start + 2 * TTL_MS, 10))
                .containsExactly(
                        new KvCommand.Expire("first", 4), new KvCommand.Expire("a", 3), new KvCommand.Expire("b", 2));
        assertThat(kv.shard.dueExpiries(start + 2 * TTL_MS, 2)).hasSize(2);
    }

    @Test
    void anExpiryForAnOlderRevisionOrBeforeItsTimeDoesNothing() throws IOException {
        kv.one(put("a", "1", Precondition.NONE, TTL_MS));
        assertThat(kv.one(new KvCommand.Expire("a", 1))).isEqualTo(new KvResult.PreconditionFailed(1, true));
        kv.one(put("a", "2", Precondition.NONE, TTL_MS));
        kv.nowMs += 2 * TTL_MS;
        assertThat(kv.one(new KvCommand.Expire("a", 1))).isEqualTo(new KvResult.PreconditionFailed(2, true));
        kv.one(put("a", "3"));
        assertThat(kv.one(new KvCommand.Expire("a", 3))).isEqualTo(new KvResult.PreconditionFailed(3, true));
        assertThat(kv.one(new KvCommand.Expire("gone", 1))).isEqualTo(new KvResult.NotFound());
        assertThat(kv.value("a")).isEqualTo("3");
    }

    @Test
    void writingOrDeletingAKeyTakesItsOldExpiryAway() throws IOException {
        kv.apply(put("a", "", Precondition.NONE, TTL_MS), put("a", ""));
        assertThat(kv.shard.nextExpiryMs()).isEqualTo(Long.MAX_VALUE);
        kv.one(put("a", "", Precondition.NONE, TTL_MS));
        kv.one(put("a", "", Precondition.NONE, 2 * TTL_MS));
        assertThat(kv.shard.nextExpiryMs()).isEqualTo(kv.nowMs + 2 * TTL_MS);
        kv.one(delete("a"));
        assertThat(kv.shard.nextExpiryMs()).isEqualTo(Long.MAX_VALUE);
    }
}
