package dev.ashlar.access.gate;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.access.token.Grant;
import dev.ashlar.access.token.Role;
import dev.ashlar.access.token.Token;

import static org.assertj.core.api.Assertions.assertThat;

class ShownTest {
    private static final Token TOKEN = new Token("app", List.of(new Grant("app/", Role.WRITE)));

    private final Object edition = new Object();
    private final Shown shown = new Shown(edition, "Bearer abc", TOKEN);

    @Test
    void sameTextIsKnownAgain() {
        assertThat(shown.isAgain(edition, "Bearer abc")).isTrue();
        assertThat(shown.token()).isSameAs(TOKEN);
    }

    @Test
    void anyOtherTextIsNot() {
        for (String other : List.of("Bearer abd", "Bearer ab", "Bearer abcd", "bearer abc", "")) {
            assertThat(shown.isAgain(edition, other)).as(other).isFalse();
        }
    }

    @Test
    void nothingIsKnownOnceTheTokensWereReadAgain() {
        assertThat(shown.isAgain(new Object(), "Bearer abc")).isFalse();
    }
}
