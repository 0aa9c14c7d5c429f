package dev.ashlar.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.common.error.ErrorCode;

/**
 * A transaction on keys of one shard (one {@code {tag}}): when every compare holds the steps after it are done, else those of
 * {@link #otherwise}; all or nothing. At most 128 of each. Built by one thread.
 *
 * <pre>{@code
 * new Txn().ifAbsent("{acc}a").put("{acc}a", "100").put("{acc}b", "100").otherwise().get("{acc}a")
 * }</pre>
 */
public final class Txn {
    private final List<Map<String, Object>> compares = new ArrayList<>();
    private final List<Map<String, Object>> then = new ArrayList<>();
    private final List<Map<String, Object>> otherwise = new ArrayList<>();
    private List<Map<String, Object>> steps = then;

    /** The key has this revision, from 1. */
    public Txn ifRevision(String key, long revision) {
        return compare(key, "revision", revision);
    }

    /** There is no such key. */
    public Txn ifAbsent(String key) {
        return compare(key, "absent", true);
    }

    /** There is such a key. */
    public Txn ifExists(String key) {
        return compare(key, "exists", true);
    }

    /** The key has this value. */
    public Txn ifValue(String key, byte[] value) {
        return compare(key, "value", base64(value));
    }

    /** The key has this value, as UTF-8. */
    public Txn ifValue(String key, String text) {
        return ifValue(key, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a key. */
    public Txn put(String key, byte[] value) {
        return step("put", key, Map.of("value", base64(value)));
    }

    /** Writes a key, as UTF-8. */
    public Txn put(String key, String text) {
        return step(
                "put",
                key,
                Map.of("value", base64(text.getBytes(StandardCharsets.UTF_8)), "content_type", AshlarClient.TEXT));
    }

    /** Writes a key with a content type that goes by itself after a time. */
    public Txn put(String key, byte[] value, String contentType, Duration ttl) {
        return step(
                "put", key, Map.of("value", base64(value), "content_type", contentType, "ttl", ttl.toMillis() + "ms"));
    }

    /** Reads a key, after the steps before it. */
    public Txn get(String key) {
        return step("get", key, Map.of());
    }

    /** Deletes a key. */
    public Txn delete(String key) {
        return step("delete", key, Map.of());
    }

    /** The steps that follow are for the case that a compare does not hold. */
    public Txn otherwise() {
        steps = otherwise;
        return this;
    }

    private Txn compare(String key, String what, Object value) {
        compares.add(Map.of("key", key, what, value));
        return this;
    }

    private Txn step(String op, String key, Map<String, Object> rest) {
        Map<String, Object> step = new LinkedHashMap<>();
        step.put("op", op);
        step.put("key", key);
        step.putAll(rest);
        steps.add(step);
        return this;
    }

    private static String base64(byte[] value) {
        return Base64.getEncoder().encodeToString(value);
    }

    /** A key of it: the first one. */
    String key() {
        for (List<Map<String, Object>> each : List.of(compares, then, otherwise)) {
            if (!each.isEmpty()) {
                return (String) each.getFirst().get("key");
            }
        }
        throw AshlarException.notSent(ErrorCode.INVALID_ARGUMENT, "the transaction has neither compares nor steps");
    }

    Map<String, Object> json() {
        return Map.of("if", compares, "then", then, "else", otherwise);
    }
}
