package dev.ashlar.store.http;

import io.vertx.core.http.HttpHeaders;

/** Names of headers, and values that do not change, ready to be written. */
public final class Headers {
    public static final CharSequence SHARD = HttpHeaders.createOptimized("Ashlar-Shard");
    public static final CharSequence REVISION = HttpHeaders.createOptimized("Ashlar-Revision");
    public static final CharSequence SERVED_BY = HttpHeaders.createOptimized("Ashlar-Served-By");
    public static final CharSequence CONSISTENCY = HttpHeaders.createOptimized("Ashlar-Consistency");
    /** On a request: the store that forwarded it. Such a request is not forwarded again. */
    public static final CharSequence FORWARDED = HttpHeaders.createOptimized("Ashlar-Forwarded");
    /** On a 503 to a forwarded request: nothing was done here; the value is the leader's address when it is known. */
    public static final CharSequence NOT_LEADER = HttpHeaders.createOptimized("Ashlar-Not-Leader");

    public static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("Idempotency-Key");
    /** On a write: {@code name=token} of a lock that its writer must still hold. */
    public static final CharSequence FENCING = HttpHeaders.createOptimized("Ashlar-Fencing");

    public static final CharSequence LINEARIZABLE = HttpHeaders.createOptimized("linearizable");
    public static final CharSequence STALE = HttpHeaders.createOptimized("stale");
    public static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    public static final CharSequence NDJSON = HttpHeaders.createOptimized("application/x-ndjson");
    public static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized("application/problem+json");

    private Headers() {}
}
