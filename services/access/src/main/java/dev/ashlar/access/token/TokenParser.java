package dev.ashlar.access.token;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ashlar.common.Limits;

/**
 * Reads {@code {"tokens":[{"token_sha256":"…","name":"…","grants":[{"prefix":"app/","role":"read|write"},{"role":"admin"}]}]}},
 * strictly: a mistyped field must not leave a token with other rights than its author meant. Pure.
 */
final class TokenParser {
    /** Shorter ones could be guessed; 32 characters of base64 are 192 bits. */
    static final int PEER_TOKEN_CHARS_MIN = 32;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHA_256_HEX_CHARS = 64;

    private TokenParser() {}

    /** The tokens of clients by the hash of their text. */
    static List<Map.Entry<byte[], Token>> clients(byte[] file) throws BadTokenFileException {
        JsonNode root;
        try {
            root = JSON.readTree(file);
        } catch (JsonProcessingException bad) {
            // The message of the parser would quote the text.
            throw new BadTokenFileException("it is not JSON (line "
                    + (bad.getLocation() == null ? "?" : bad.getLocation().getLineNr()) + ")");
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        only(root, "the file", Set.of("tokens"));
        JsonNode tokens = root.path("tokens");
        if (!tokens.isArray() || tokens.size() > Limits.TOKENS_MAX) {
            throw new BadTokenFileException("\"tokens\" must be a list of at most " + Limits.TOKENS_MAX);
        }
        List<Map.Entry<byte[], Token>> read = new ArrayList<>();
        Set<String> hashes = new HashSet<>();
        for (int i = 0; i < tokens.size(); i++) {
            String where = "tokens[" + i + "]";
            only(tokens.get(i), where, Set.of("token_sha256", "name", "grants"));
            String hash = tokens.get(i).path("token_sha256").asText("");
            if (!hash.matches("[0-9a-fA-F]{" + SHA_256_HEX_CHARS + "}")) {
                throw new BadTokenFileException(where + ": \"token_sha256\" must be 64 hexadecimal digits");
            }
            if (!hashes.add(hash.toLowerCase(java.util.Locale.ROOT))) {
                throw new BadTokenFileException(where + ": the same \"token_sha256\" stands there twice");
            }
            read.add(Map.entry(HexFormat.of().parseHex(hash), token(tokens.get(i), where)));
        }
        return read;
    }

    private static Token token(JsonNode node, String where) throws BadTokenFileException {
        String name = node.path("name").asText("");
        if (!name.matches("[\\w .@:/-]{1," + Limits.IDENTITY_CHARS_MAX + "}")) {
            throw new BadTokenFileException(where + ": \"name\" must be 1 to " + Limits.IDENTITY_CHARS_MAX
                    + " letters, digits, blanks or .@:/-_");
        }
        JsonNode grants = node.path("grants");
        if (!grants.isArray() || grants.isEmpty() || grants.size() > Limits.GRANTS_PER_TOKEN_MAX) {
            throw new BadTokenFileException(
                    where + ": \"grants\" must be a list of 1 to " + Limits.GRANTS_PER_TOKEN_MAX);
        }
        List<Grant> read = new ArrayList<>();
        for (int i = 0; i < grants.size(); i++) {
            read.add(grant(grants.get(i), where + ".grants[" + i + "]"));
        }
        return new Token(name, List.copyOf(read));
    }

    private static Grant grant(JsonNode node, String where) throws BadTokenFileException {
        only(node, where, Set.of("prefix", "role"));
        Role role =
                switch (node.path("role").asText("")) {
                    case "read" -> Role.READ;
                    case "write" -> Role.WRITE;
                    case "admin" -> Role.ADMIN;
                    default -> throw new BadTokenFileException(where + ": \"role\" must be read, write or admin");
                };
        if (role == Role.ADMIN && node.has("prefix")) {
            throw new BadTokenFileException(where + ": admin is for everything, it takes no \"prefix\"");
        }
        if (role != Role.ADMIN && !node.path("prefix").isTextual()) {
            throw new BadTokenFileException(where + ": \"prefix\" is missing; \"\" is for all keys");
        }
        String prefix = node.path("prefix").asText("");
        if (prefix.getBytes(StandardCharsets.UTF_8).length > Limits.KEY_BYTES_MAX) {
            throw new BadTokenFileException(where + ": \"prefix\" is longer than a key can be");
        }
        return new Grant(prefix, role);
    }

    private static void only(JsonNode node, String where, Set<String> fields) throws BadTokenFileException {
        if (!node.isObject()) {
            throw new BadTokenFileException(where + " must be an object");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!fields.contains(name)) {
                throw new BadTokenFileException(where + ": the only fields are "
                        + String.join(", ", fields.stream().sorted().toList()));
            }
        }
    }

    /** The tokens of peers, one a line; the first is sent, all are taken, so that one can be exchanged for another. */
    static List<String> peers(byte[] file) throws BadTokenFileException {
        List<String> tokens = new String(file, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (tokens.isEmpty() || tokens.size() > Limits.PEER_TOKENS_MAX) {
            throw new BadTokenFileException("it must have 1 to " + Limits.PEER_TOKENS_MAX + " lines");
        }
        if (tokens.stream().anyMatch(token -> !token.matches("[\\x21-\\x7e]{" + PEER_TOKEN_CHARS_MIN + ",512}"))) {
            throw new BadTokenFileException(
                    "a line must be " + PEER_TOKEN_CHARS_MIN + " to 512 printable characters without blanks");
        }
        return tokens;
    }
}
