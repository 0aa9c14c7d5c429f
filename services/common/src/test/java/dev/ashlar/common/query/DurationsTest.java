package dev.ashlar.common.query;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.ashlar.common.error.ApiException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"500ms, 500", "1s, 1000", "30s, 30000", "5m, 300000", "1h, 3600000", "0s, 0"})
    void reads(String text, long ms) {
        assertThat(Durations.parseMs("ttl", text, 0, 3_600_000)).isEqualTo(ms);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "5", "s", "-5s", "+5s", "1.5s", "5 s", "5d", "99999999999999999999s", "2h", "0x1s", "५s"})
    void refusesNamingTheParameter(String text) {
        assertThatThrownBy(() -> Durations.parseMs("ttl", text, 0, 3_600_000))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("ttl");
    }
}
