package dev.ashlar.access.gate;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.access.token.Grant;
import dev.ashlar.access.token.Role;
import dev.ashlar.access.token.Token;

import static org.assertj.core.api.Assertions.assertThat;

class RuleTableTest {
    private final RuleTable rules = RuleTable.of(raw -> raw, query -> query == null ? "" : query.substring(7))
            .readKey("GET HEAD", "/v1/kv/{key}")
            .writeKey("PUT", "/v1/kv/{key}")
            .readRange("GET", "/v1/kv")
            .anyToken("GET", "/v1/cluster")
            .nothing("GET", "/")
            .build();

    @Test
    void theFirstRowThatFitsDecides() {
        assertThat(rules.need("GET", "/v1/kv/a/b", null)).isEqualTo(new Need.Read("a/b"));
        assertThat(rules.need("PUT", "/v1/kv/a/b", null)).isEqualTo(new Need.Write("a/b"));
        assertThat(rules.need("GET", "/v1/kv", "prefix=app/")).isEqualTo(new Need.Read("app/"));
        assertThat(rules.need("GET", "/v1/kv", null)).isEqualTo(new Need.Read(""));
        assertThat(rules.need("GET", "/v1/cluster/", null)).isEqualTo(new Need.AnyToken());
        assertThat(rules.need("GET", "/", null)).isEqualTo(new Need.Nothing());
    }

    @Test
    void whatIsNotInTheTableNeedsAnAdministrator() {
        for (String path : List.of("/v1/new", "/v1", "/v1/clusters", "//", "", "/q/anything")) {
            assertThat(rules.need("GET", path, null)).as(path).isEqualTo(new Need.Admin());
        }
        assertThat(rules.need("PATCH", "/v1/kv/a", null)).isEqualTo(new Need.Admin());
        assertThat(rules.need("POST", "/", null)).isEqualTo(new Need.Admin());
    }

    @Test
    void needsAreMetByTheGrantsThatCoverThem() {
        Token reader = new Token("reader", List.of(new Grant("app/", Role.READ)));
        Token admin = new Token("admin", List.of(new Grant("", Role.ADMIN)));
        assertThat(new Need.Read("app/x").isMetBy(reader)).isTrue();
        assertThat(new Need.Read("ap").isMetBy(reader)).isFalse();
        assertThat(new Need.Write("app/x").isMetBy(reader)).isFalse();
        assertThat(new Need.Admin().isMetBy(reader)).isFalse();
        assertThat(new Need.Peer().isMetBy(admin)).isFalse();
        assertThat(new Need.Peer().isMetBy(Token.ANYONE)).isTrue();
    }
}
