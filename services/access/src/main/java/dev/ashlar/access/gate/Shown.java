package dev.ashlar.access.gate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import dev.ashlar.access.token.Token;
import dev.ashlar.access.token.TokenTable;

/**
 * What a connection has shown last and was accepted: a client shows the same with each request, and is hashed once.
 *
 * <p>The only place where the text of a token is kept; it is gone with the connection. Immutable.
 */
final class Shown {
    private final TokenTable table;
    private final byte[] header;
    private final Token token;

    /** @param table that said whose the token is; what another one would say of it is not known */
    Shown(TokenTable table, String header, Token token) {
        this.table = table;
        this.header = bytes(header);
        this.token = token;
    }

    /** Whether the same is shown again, while the same tokens are valid. In constant time for headers of one length. */
    boolean isAgain(TokenTable now, String shown) {
        return table == now && MessageDigest.isEqual(header, bytes(shown));
    }

    Token token() {
        return token;
    }

    private static byte[] bytes(String header) {
        return header.getBytes(StandardCharsets.UTF_8);
    }
}
