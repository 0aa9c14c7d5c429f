package dev.ashlar.access.gate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import dev.ashlar.access.token.Token;

/**
 * What a connection has shown last and was accepted: a client shows the same with each request, and is hashed once.
 *
 * <p>Beside the requests under way, the only place where the text of a client's token is kept; it is gone with the connection.
 * Immutable.
 */
final class Shown {
    /** Of a connection whose last request was served without a token: nothing is the same again. */
    static final Shown NOTHING = new Shown(new Object(), "", Token.NOBODY);

    private final Object edition;
    private final byte[] header;
    private final Token token;

    /** @param edition of the table that said whose the token is; what another one would say of it is not known */
    Shown(Object edition, String header, Token token) {
        this.edition = edition;
        this.header = bytes(header);
        this.token = token;
    }

    /** Whether the same is shown again, while the same tokens are valid. The length of what is shown alone says how long it takes. */
    boolean isAgain(Object editionNow, String shown) {
        return edition == editionNow && MessageDigest.isEqual(bytes(shown), header);
    }

    Token token() {
        return token;
    }

    private static byte[] bytes(String header) {
        return header.getBytes(StandardCharsets.UTF_8);
    }
}
