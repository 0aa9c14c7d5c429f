package dev.ashlar.common.query;

import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.ashlar.common.error.ApiException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class QueryStringTest {
    @Test
    void readsParameters() {
        QueryString query = QueryString.parse("a=1&b=x%20y+z&&c", Set.of("a", "b", "c"));
        assertThat(query.number("a", 0, 5, 3)).isEqualTo(1);
        assertThat(query.text("b")).isEqualTo("x y z");
        assertThat(query.flag("c")).isTrue();
        assertThat(query.has("d")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "consistancy=stale, consistancy",
        "ttl=1s&ttl=2s, ttl",
        "ttl=%zz, ttl",
        "%ff=1, query",
    })
    void refusesNamingWhatIsWrong(String raw, String named) {
        assertThatThrownBy(() -> QueryString.parse(raw, Set.of("ttl", "consistency")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(named);
    }

    @ParameterizedTest
    @CsvSource({"limit=0", "limit=11", "limit=-1", "limit=x", "limit=", "limit=99999999999"})
    void refusesANumberOutOfRange(String raw) {
        QueryString query = QueryString.parse(raw, Set.of("limit"));
        assertThatThrownBy(() -> query.number("limit", 1, 10, 5))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("limit");
    }
}
