package dev.ashlar.raft.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.ashlar.raft.Member;

import static org.assertj.core.api.Assertions.assertThat;

class EndpointTest {
    @Test
    void membersAreTheSameByNodeAndReplica() {
        Endpoint one = new Endpoint(new Member("store-0.0000000000000001", 7));
        Endpoint same = new Endpoint(new Member(new String("store-0.0000000000000001"), 7));
        assertThat(one).isEqualTo(same).hasSameHashCodeAs(same).hasToString("store-0.0000000000000001#7");
        assertThat(one)
                .isNotEqualTo(new Endpoint(new Member("store-0.0000000000000001", 8)))
                .isNotEqualTo(new Endpoint(new Member("store-1.0000000000000001", 7)))
                .isNotEqualTo(one.member())
                .isNotEqualTo(null);
    }

    /** What a record gets is interpreted in a native executable: a third of the CPU of a write went to it. */
    @ParameterizedTest
    @ValueSource(classes = {Endpoint.class, Member.class})
    void theyAreComparedByCodeOfTheirOwn(Class<?> type) throws IOException {
        try (InputStream code = type.getResourceAsStream(type.getSimpleName() + ".class")) {
            assertThat(new String(code.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("java/lang/runtime/ObjectMethods");
        }
    }
}
