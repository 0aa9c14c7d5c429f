package dev.ashlar.store.scan;

import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.store.kv.ScanRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ScanParametersTest {
    @Test
    void anotherStoreReadsWhatThisOneWrote() {
        ScanRequest request = new ScanRequest("a &+%/€", "from=1", "to", 17, true, true, Optional.of("a &+%/€ last"));
        assertThat(ScanParameters.parse(ScanParameters.format(request))).isEqualTo(request);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=10001", "cursor=!!", "cursor=AA", "reverse=maybe", "keys=1"})
    void refusesBadParameters(String query) {
        assertThatThrownBy(() -> ScanParameters.parse(query)).isInstanceOf(ApiException.class);
    }
}
