package dev.ashlar.store.http;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.store.kv.Precondition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ConditionsTest {
    @Test
    void readsTheConditionOfAWrite() {
        assertThat(Conditions.ofWrite(null, null)).isEqualTo(Precondition.NONE);
        assertThat(Conditions.ofWrite("*", null)).isEqualTo(Precondition.EXISTS);
        assertThat(Conditions.ofWrite(null, "*")).isEqualTo(Precondition.ABSENT);
        assertThat(Conditions.ofWrite(" \"42\" ", null)).isEqualTo(new Precondition.AtRevision(42));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "42", "\"\"", "\"0\"", "\"042\"", "\"-1\"", "\"x\"", "W/\"1\"", "\"1\",\"2\"", "\""})
    void refusesAnEtagThatIsNotOurs(String ifMatch) {
        assertThatThrownBy(() -> Conditions.ofWrite(ifMatch, null))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("If-Match");
    }

    @Test
    void refusesConditionsThatExcludeEachOther() {
        assertThatThrownBy(() -> Conditions.ofWrite("\"1\"", "*")).isInstanceOf(ApiException.class);
        assertThatThrownBy(() -> Conditions.ofWrite(null, "\"1\"")).isInstanceOf(ApiException.class);
    }

    @Test
    void knowsWhatAReaderHas() {
        assertThat(Conditions.alreadyHas("\"7\"", 7)).isTrue();
        assertThat(Conditions.alreadyHas("\"6\", W/\"7\"", 7)).isTrue();
        assertThat(Conditions.alreadyHas("\"6\"", 7)).isFalse();
        assertThat(Conditions.alreadyHas("*", 7)).isTrue();
        assertThatThrownBy(() -> Conditions.checkRead("7")).isInstanceOf(ApiException.class);
    }
}
