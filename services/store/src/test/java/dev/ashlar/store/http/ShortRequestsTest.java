package dev.ashlar.store.http;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which requests take a place under the limit of concurrency. */
class ShortRequestsTest {
    @Test
    void whatEndsSoonTakesAPlace() {
        assertThat(AccessRoute.isShort("/v1/kv/a", null, null)).isTrue();
        assertThat(AccessRoute.isShort("/v1/kv/a", "ttl=1s", "text/plain")).isTrue();
        assertThat(AccessRoute.isShort("/v1/txn", null, null)).isTrue();
        assertThat(AccessRoute.isShort("/v1/txn/", null, "application/json")).isTrue();
        assertThat(AccessRoute.isShort("/v1/batch", null, null)).isTrue();
        assertThat(AccessRoute.isShort("/v1/batch", null, "application/json")).isTrue();
    }

    @Test
    void whatLastsTakesNone() {
        assertThat(AccessRoute.isShort("/v1/kv/a", "wait=30s", null)).isFalse();
        assertThat(AccessRoute.isShort("/v1/kv", "prefix=a", null)).isFalse();
        assertThat(AccessRoute.isShort("/v1/batch", null, "application/x-ndjson"))
                .isFalse();
        assertThat(AccessRoute.isShort("/v1/watch", null, null)).isFalse();
        assertThat(AccessRoute.isShort("/v1/locks/a", null, null)).isFalse();
        assertThat(AccessRoute.isShort("/internal/v1/shards/0/commands", null, null))
                .isFalse();
        assertThat(AccessRoute.isShort(null, null, null)).isFalse();
    }
}
