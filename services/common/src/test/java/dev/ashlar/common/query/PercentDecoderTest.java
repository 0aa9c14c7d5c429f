package dev.ashlar.common.query;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class PercentDecoderTest {
    @ParameterizedTest
    @CsvSource({
        "app/db/url, app/db/url",
        "a+b, a+b",
        "a%2Fb, a/b",
        "%e2%82%ac, €",
        "%F0%9F%98%80, 😀",
        "a%20b, 'a b'",
        "..//., ..//.",
    })
    void decodesAPath(String raw, String key) {
        assertThat(PercentDecoder.decode(raw, false, "the key")).isEqualTo(key);
    }

    @Test
    void takesRawBytesAsUtf8() {
        assertThat(PercentDecoder.decode("\u00e2\u0082\u00ac", false, "the key"))
                .isEqualTo("€");
    }

    @Test
    void plusIsASpaceInAQueryOnly() {
        assertThat(PercentDecoder.decode("a+b%2B", true, "prefix")).isEqualTo("a b+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "a%2", "%zz", "%f", "%-1", "%c3%28", "%ff", "%ed%a0%80", "%c0%af", "\u00e2"})
    void refusesWhatIsNotValid(String raw) {
        assertThatThrownBy(() -> PercentDecoder.decode(raw, false, "the key"))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("the key");
    }
}
