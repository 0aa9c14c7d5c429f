package dev.ashlar.store.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.ashlar.common.error.ApiException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ReadOptionsTest {
    @Test
    void readsAStaleRead() {
        ReadOptions options = ReadOptions.parse("consistency=stale&max_staleness=5s", null, null);
        assertThat(options.stale()).isTrue();
        assertThat(options.maxStalenessMs()).isEqualTo(5_000);
        assertThat(ReadOptions.parse(null, null, null).stale()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "consistency=eventual, consistency",
        "consistency=, consistency",
        "max_staleness=5s, max_staleness",
        "consistency=stale&max_staleness=-1s, max_staleness",
        "consistency=stale&max_staleness=5, max_staleness",
        "wait=3m, wait",
        "fresh=1, fresh",
    })
    void refusesNamingTheParameter(String query, String named) {
        assertThatThrownBy(() -> ReadOptions.parse(query, null, null))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(named);
    }
}
