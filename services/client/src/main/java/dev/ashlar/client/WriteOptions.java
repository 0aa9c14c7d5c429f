package dev.ashlar.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ErrorCode;

/** On what terms something is written. Immutable: each method gives a changed copy. */
public final class WriteOptions {
    /** Without a condition, for good, as bytes. */
    public static final WriteOptions NONE = new WriteOptions(Map.of(), Optional.empty());

    private static final String IF_MATCH = "If-Match";
    private static final String IF_NONE_MATCH = "If-None-Match";
    private static final String CONTENT_TYPE = "Content-Type";
    private static final String FENCING = "Ashlar-Fencing";
    private static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final Map<String, String> headers;
    private final Optional<Duration> ttl;

    private WriteOptions(Map<String, String> headers, Optional<Duration> ttl) {
        this.headers = headers;
        this.ttl = ttl;
    }

    /** Only when the key has this revision, from 1. */
    public WriteOptions ifRevision(long revision) {
        if (revision < 1 || headers.containsKey(IF_NONE_MATCH)) {
            throw wrong("a condition is one revision from 1, or absence, not both");
        }
        return with(IF_MATCH, "\"" + revision + "\"");
    }

    /** Only when there is no such key. For puts. */
    public WriteOptions ifAbsent() {
        if (headers.containsKey(IF_MATCH)) {
            throw wrong("a condition is one revision from 1, or absence, not both");
        }
        return with(IF_NONE_MATCH, "*");
    }

    /** It goes by itself after this time, 1 s to 365 days, in whole milliseconds. For puts. */
    public WriteOptions ttl(Duration ttl) {
        if (ttl.toMillis() < Limits.TTL_MS_MIN || ttl.toMillis() > Limits.TTL_MS_MAX) {
            throw wrong("a ttl is 1 s to 365 days, not " + ttl);
        }
        return new WriteOptions(headers, Optional.of(ttl));
    }

    /** Kept with the value, up to 256 bytes; {@code application/octet-stream} by itself. For puts. */
    public WriteOptions contentType(String contentType) {
        return with(CONTENT_TYPE, contentType);
    }

    /** Refused ({@code fenced}) unless this lock is still held when it is applied. Lock and key share a {@code {tag}}. */
    public WriteOptions holding(HeldLock lock) {
        return holding(lock.fence());
    }

    /** The same, by what the holder has handed over. */
    public WriteOptions holding(Fence fence) {
        return with(FENCING, fence.header());
    }

    /**
     * Applies once for all calls with this key within an hour, 1 to 128 visible ASCII characters. Without it each call gets
     * a key of its own, which covers its own tries.
     */
    public WriteOptions idempotencyKey(String key) {
        if (key.isEmpty()
                || key.length() > Limits.IDEMPOTENCY_KEY_BYTES_MAX
                || key.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
            throw wrong("an idempotency key has 1 to " + Limits.IDEMPOTENCY_KEY_BYTES_MAX
                    + " visible ASCII characters without spaces");
        }
        return with(IDEMPOTENCY_KEY, key);
    }

    private WriteOptions with(String name, String value) {
        Map<String, String> changed = new LinkedHashMap<>(headers);
        changed.put(name, value);
        return new WriteOptions(changed, ttl);
    }

    /** For one call: what it lacks is made up, and what its kind does not take is refused. */
    Map<String, String> headers(String what, boolean conditions, boolean values) {
        if (!values && (ttl.isPresent() || headers.containsKey(CONTENT_TYPE) || headers.containsKey(IF_NONE_MATCH))) {
            throw wrong(what + " takes no ttl, no content type and no absence");
        }
        if (!conditions && headers.containsKey(IF_MATCH)) {
            throw wrong(what + " takes no revision");
        }
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.computeIfAbsent(IDEMPOTENCY_KEY, none -> UUID.randomUUID().toString());
        return all;
    }

    Optional<Duration> ttl() {
        return ttl;
    }

    private static AshlarException wrong(String detail) {
        return AshlarException.notSent(ErrorCode.INVALID_ARGUMENT, detail);
    }
}
