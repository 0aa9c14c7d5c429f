package dev.ashlar.access.token;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TokenFilesTest {
    private static final String PEER = "p".repeat(TokenParser.PEER_TOKEN_CHARS_MIN);

    @TempDir
    Path dir;

    @Test
    void findsTokensByTheirText() throws Exception {
        try (TokenFiles files = open(client("s3cret", "\"prefix\":\"app/\",\"role\":\"write\""))) {
            Token token = files.tokens().find("s3cret").orElseThrow();
            assertThat(token.name()).isEqualTo("a client");
            assertThat(token.grants()).containsExactly(new Grant("app/", Role.WRITE));
            assertThat(files.tokens().find("s3cre")).isEmpty();
            assertThat(files.tokens().find("")).isEmpty();
            assertThat(files.tokens().find(PEER).orElseThrow().isPeer()).isTrue();
            assertThat(files.peerToken()).isEqualTo(PEER);
        }
    }

    @Test
    void readsAgainWhatHasChangedAndKeepsTheTokensWhenItIsBad() throws Exception {
        try (TokenFiles files = open(client("old", "\"role\":\"admin\""))) {
            Object before = files.tokens().edition();
            files.lookOnce();
            assertThat(files.tokens().edition()).isSameAs(before);
            Files.writeString(dir.resolve("tokens"), client("new", "\"role\":\"admin\""));
            files.lookOnce();
            assertThat(files.tokens().edition()).isNotSameAs(before);
            assertThat(files.tokens().find("old")).isEmpty();
            assertThat(files.tokens().find("new")).isPresent();
            Files.writeString(dir.resolve("tokens"), "{\"tokens\": [");
            files.lookOnce();
            assertThat(files.tokens().find("new")).isPresent();
            Files.delete(dir.resolve("tokens"));
            files.lookOnce();
            assertThat(files.tokens().find("new")).isPresent();
        }
    }

    @Test
    void aPeerTokenCanBeExchangedWhileBothAreTaken() throws Exception {
        try (TokenFiles files = open(client("x", "\"role\":\"admin\""))) {
            String next = "n".repeat(40);
            Files.writeString(dir.resolve("peer"), PEER + "\n" + next + "\n");
            files.lookOnce();
            assertThat(files.peerToken()).isEqualTo(PEER);
            assertThat(files.tokens().find(next).orElseThrow().isPeer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"tokens\":{}}",
                "{\"tokens\":[],\"more\":1}",
                "{\"tokens\":[{\"token_sha256\":\"00\",\"name\":\"a\",\"grants\":[{\"role\":\"admin\"}]}]}",
                "{\"tokens\":[{\"token\":\"plain-text-secret\",\"name\":\"a\",\"grants\":[{\"role\":\"admin\"}]}]}",
            })
    void refusesWhatIsNotAFileOfTokens(String text) throws Exception {
        assertThatThrownBy(() -> open(text))
                .isInstanceOf(BadTokenFileException.class)
                .hasMessageContaining(dir.resolve("tokens").toString())
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"role\":\"root\"",
                "\"role\":\"read\"",
                "\"prefix\":\"a\"",
                "\"prefix\":7,\"role\":\"read\"",
                "\"prefix\":\"a\",\"role\":\"admin\"",
                "\"prefix\":\"a\",\"role\":\"read\",\"deny\":true",
            })
    void refusesGrantsThatAreNotClear(String grant) {
        assertThatThrownBy(() -> open(client("x", grant)))
                .isInstanceOf(BadTokenFileException.class)
                .hasMessageContaining("grants[0]");
    }

    @Test
    void refusesAPeerTokenThatCouldBeGuessed() throws Exception {
        Files.writeString(dir.resolve("tokens"), client("x", "\"role\":\"admin\""));
        Files.writeString(dir.resolve("peer"), "short");
        assertThatThrownBy(() -> TokenFiles.open(dir.resolve("tokens"), Optional.of(dir.resolve("peer"))))
                .isInstanceOf(BadTokenFileException.class)
                .hasMessageNotContaining("short");
    }

    @Test
    void grantsPermitWhatBeginsWithTheirPrefix() {
        Token token = new Token("t", List.of(new Grant("app/", Role.READ), new Grant("app/own/", Role.WRITE)));
        assertThat(token.mayRead("app/x")).isTrue();
        assertThat(token.mayRead("app/")).isTrue();
        assertThat(token.mayRead("app")).isFalse();
        assertThat(token.mayRead("")).isFalse();
        assertThat(token.mayWrite("app/x")).isFalse();
        assertThat(token.mayWrite("app/own/x")).isTrue();
        assertThat(token.mayRead("app/own/x")).isTrue();
        assertThat(token.isAdmin()).isFalse();
    }

    private TokenFiles open(String tokens) throws Exception {
        Files.writeString(dir.resolve("tokens"), tokens);
        Files.writeString(dir.resolve("peer"), PEER + "\n");
        return TokenFiles.open(dir.resolve("tokens"), Optional.of(dir.resolve("peer")));
    }

    private static String client(String text, String grant) {
        return "{\"tokens\":[{\"token_sha256\":\""
                + HexFormat.of().formatHex(TokenTable.sha256(text)) + "\",\"name\":\"a client\",\"grants\":[{" + grant
                + "}]}]}";
    }
}
