package dev.ashlar.store.http;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which requests take a place under the limit of concurrency. */
class ShortRequestsTest {
    @Test
    void whatEndsSoonTakesAPlace() {
        assertThat(AccessRoute.isShort("/v1/kv/a", null, null)).isTrue();
        assertThat(AccessRoute.isShort("/v1/kv/a", "ttl=1s", "text/plain")).isTrue();
        assertThat(AccessRoute.isShort("/v1/kv/a", "wait=0s", null))
                .as("waits for no time")
                .isTrue();
        assertThat(AccessRoute.isShort("/v1/kv/a", "wait=", null)).isTrue();
        assertThat(AccessRoute.isShort("/v1/kv/a", "wait=1s&wait=1s", null))
                .as("is refused")
                .isTrue();
        assertThat(AccessRoute.isShort("/v1/kv/a", "ttl=await", null)).isTrue();
        assertThat(AccessRoute.isShort("/v1/kv/a", "await=30s", null))
                .as("another parameter")
                .isTrue();
        assertThat(AccessRoute.isShort("/v1/txn", null, null)).isTrue();
        assertThat(AccessRoute.isShort("/v1/txn/", null, "application/json")).isTrue();
        assertThat(AccessRoute.isShort("/v1/batch", null, null)).isTrue();
        assertThat(AccessRoute.isShort("/v1/batch", null, "application/json")).isTrue();
    }

    @Test
    void whatLastsTakesNone() {
        assertThat(AccessRoute.isShort("/v1/kv/a", "wait=30s", null)).isFalse();
        assertThat(AccessRoute.isShort("/v1/kv/a", "w%61it=30s", null))
                .as("the same parameter")
                .isFalse();
        assertThat(AccessRoute.isShort("/v1/kv/a", "consistency=stale&wait=1ms", null))
                .isFalse();
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
