package dev.ashlar.bench.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/**
 * The two files of a cluster that asks for tokens, with new random ones: a client's, which may write below one prefix, and
 * the processes' own.
 *
 * @param client the text of the client's token
 */
public record Tokens(Path clientsFile, Path peersFile, String client) {
    private static final int BYTES = 32;

    /** Writes both files into {@code dir}, which is created when it is missing. */
    public static Tokens write(Path dir, String prefix) throws IOException {
        Files.createDirectories(dir);
        String client = random();
        Path clients = dir.resolve("tokens.json").toAbsolutePath();
        Files.writeString(
                clients,
                "{\"tokens\":[{\"token_sha256\":\"%s\",\"name\":\"bench\",\"grants\":[{\"prefix\":\"%s\",\"role\":\"write\"}]}]}%n"
                        .formatted(sha256(client), prefix));
        Path peers = dir.resolve("peer-token").toAbsolutePath();
        Files.writeString(peers, random() + "\n");
        return new Tokens(clients, peers, client);
    }

    private static String random() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    Map<String, String> environment() {
        return Map.of(
                "ASHLAR_AUTH", "on",
                "ASHLAR_AUTH_TOKENS_FILE", clientsFile.toString(),
                "ASHLAR_AUTH_PEER_TOKEN_FILE", peersFile.toString());
    }
}
