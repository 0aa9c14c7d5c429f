package dev.ashlar.access.gate;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.access.token.Grant;
import dev.ashlar.access.token.Role;
import dev.ashlar.access.token.Token;
import dev.ashlar.access.token.TokenTable;

import static org.assertj.core.api.Assertions.assertThat;

class ShownTest {
    private static final Token TOKEN = new Token("app", List.of(new Grant("app/", Role.WRITE)));

    private final Shown shown = new Shown(TokenTable.EMPTY, "Bearer abc", TOKEN);

    @Test
    void sameTextIsKnownAgain() {
        assertThat(shown.isAgain(TokenTable.EMPTY, "Bearer abc")).isTrue();
        assertThat(shown.token()).isSameAs(TOKEN);
    }

    @Test
    void anyOtherTextIsNot() {
        for (String other : List.of("Bearer abd", "Bearer ab", "Bearer abcd", "bearer abc", "")) {
            assertThat(shown.isAgain(TokenTable.EMPTY, other)).as(other).isFalse();
        }
    }

    @Test
    void nothingIsKnownOnceTheTokensWereReadAgain() {
        assertThat(shown.isAgain(TokenTable.of(List.of()), "Bearer abc")).isFalse();
    }
}
