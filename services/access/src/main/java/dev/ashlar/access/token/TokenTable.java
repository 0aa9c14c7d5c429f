package dev.ashlar.access.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All tokens that are valid now.
 *
 * <ol>
 *   <li>A token that is shown is hashed with SHA-256: what an attacker sends decides nothing about the place where it is
 *       looked for, so the time of a look-up tells nothing of the tokens.
 *   <li>The candidates of that place are compared in constant time.
 * </ol>
 *
 * <p>Immutable; any thread.
 */
public final class TokenTable {
    /** No token is valid. */
    public static final TokenTable EMPTY = new TokenTable(Map.of());

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(TokenTable::digest);

    private record Entry(byte[] sha256, Token token) {}

    private final Object edition = new Object();
    private final Map<Integer, Entry[]> places;

    private TokenTable(Map<Integer, Entry[]> places) {
        this.places = places;
    }

    /** @param byHash valid tokens by the SHA-256 of their text, 32 bytes each */
    static TokenTable of(List<Map.Entry<byte[], Token>> byHash) {
        Map<Integer, Entry[]> places = new HashMap<>();
        for (Map.Entry<byte[], Token> token : byHash) {
            places.merge(
                    place(token.getKey()),
                    new Entry[] {new Entry(token.getKey().clone(), token.getValue())},
                    TokenTable::append);
        }
        return new TokenTable(Map.copyOf(places));
    }

    private static Entry[] append(Entry[] old, Entry[] more) {
        Entry[] both = Arrays.copyOf(old, old.length + 1);
        both[old.length] = more[0];
        return both;
    }

    /** Stands for this table alone: what was found here may be remembered by it, without holding the table. */
    public Object edition() {
        return edition;
    }

    /** Whose token this text is. */
    public Optional<Token> find(String text) {
        byte[] sha256 = sha256(text);
        Entry[] candidates = places.get(place(sha256));
        if (candidates != null) {
            for (Entry candidate : candidates) {
                if (MessageDigest.isEqual(candidate.sha256, sha256)) {
                    return Optional.of(candidate.token);
                }
            }
        }
        return Optional.empty();
    }

    /** SHA-256 of a token's text. */
    static byte[] sha256(String text) {
        return SHA_256.get().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int place(byte[] sha256) {
        return (sha256[0] & 0xff) << 24 | (sha256[1] & 0xff) << 16 | (sha256[2] & 0xff) << 8 | sha256[3] & 0xff;
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
