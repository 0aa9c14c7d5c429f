package dev.ashlar.cli.client;

import java.util.Map;
import java.util.Optional;

/**
 * A request that may be sent more than once: a read, or a write that carries an Idempotency-Key, so that a repetition
 * applies once (S4).
 *
 * @param path path and query, percent-encoded
 */
public record Call(String method, String path, Map<String, String> headers, Optional<byte[]> body) {
    public static Call get(String path) {
        return new Call("GET", path, Map.of(), Optional.empty());
    }

    public boolean writes() {
        return !method.equals("GET");
    }
}
