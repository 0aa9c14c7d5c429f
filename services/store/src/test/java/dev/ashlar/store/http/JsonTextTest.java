package dev.ashlar.store.http;

import org.junit.jupiter.api.Test;

import dev.ashlar.common.error.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;

class JsonTextTest {
    @Test
    void escapesWhatJsonAndLinesCannotHold() {
        StringBuilder out = new StringBuilder();
        JsonText.quote(out, "a\"b\\c\n\u0000\u2028€😀");
        assertThat(out).hasToString("\"a\\\"b\\\\c\\n\\u0000\\u2028€😀\"");
    }

    @Test
    void problemNamesItsCode() {
        assertThat(Problems.body(ErrorCode.KEY_TOO_LONG, "the \"key\""))
                .contains("\"status\":414", "\"code\":\"key_too_long\"", "the \\\"key\\\"");
    }
}
