package dev.ashlar.client.http;

import java.util.Map;
import java.util.Optional;

/**
 * A request that may be sent more than once: a read, a write that carries an Idempotency-Key, so that a repetition applies
 * once (S4), or one whose repetition changes nothing by its nature (a lock of the same owner, an order to coordinators).
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

    Optional<String> idempotencyKey() {
        return Optional.ofNullable(headers.get("Idempotency-Key"));
    }
}
