package dev.ashlar.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.common.disk.StartRefusedException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AccessTest {
    private static final Optional<String> NONE = Optional.empty();

    @Test
    void withoutTokensOnTheLoopbackNothingIsAsked() {
        for (String host : new String[] {"127.0.0.1", "localhost", "::1"}) {
            try (Access access = Access.of("auto", NONE, NONE, host)) {
                assertThat(access.isOn()).isFalse();
                assertThatCode(access::check).doesNotThrowAnyException();
                MultiMap headers = MultiMap.caseInsensitiveMultiMap();
                access.sign(headers);
                assertThat(headers.isEmpty()).isTrue();
            }
        }
    }

    @Test
    void elsewhereItMustBeSwitchedOffByName() {
        try (Access access = Access.of("auto", NONE, NONE, "0.0.0.0")) {
            assertThat(access.isOn()).isTrue();
            assertThatThrownBy(access::check)
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("ASHLAR_AUTH_TOKENS_FILE")
                    .hasMessageContaining("ASHLAR_AUTH=off");
        }
        try (Access access = Access.of("off", NONE, NONE, "0.0.0.0")) {
            assertThat(access.isOn()).isFalse();
            assertThatCode(access::check).doesNotThrowAnyException();
        }
    }

    @Test
    void switchedOffWithTheFilesItShowsItsTokenAndAsksForNone(@TempDir Path directory) throws IOException {
        Path tokens = Files.writeString(directory.resolve("tokens.json"), "{\"tokens\":[]}");
        Path peer = Files.writeString(directory.resolve("peer-token"), "one-of-us-one-of-us-one-of-us-one-of-us\n");
        try (Access access =
                Access.of("off", Optional.of(tokens.toString()), Optional.of(peer.toString()), "0.0.0.0")) {
            assertThatCode(access::check).doesNotThrowAnyException();
            assertThat(access.isOn()).isFalse();
            MultiMap headers = MultiMap.caseInsensitiveMultiMap();
            access.sign(headers);
            assertThat(headers.get("Authorization")).isEqualTo("Bearer one-of-us-one-of-us-one-of-us-one-of-us");
        }
    }

    @Test
    void settingsThatCannotBeUsedEndTheStart() {
        for (Access access : new Access[] {
            Access.of("maybe", NONE, NONE, "127.0.0.1"),
            Access.of("on", NONE, NONE, "127.0.0.1"),
            Access.of("auto", Optional.of("/nowhere/tokens.json"), NONE, "127.0.0.1"),
            Access.of("auto", Optional.of("/nowhere/tokens.json"), Optional.of("/nowhere/peer"), "127.0.0.1")
        }) {
            assertThat(access.isOn()).isTrue();
            assertThatThrownBy(access::check).isInstanceOf(StartRefusedException.class);
        }
    }
}
