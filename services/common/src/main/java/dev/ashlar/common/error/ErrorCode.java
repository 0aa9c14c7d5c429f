package dev.ashlar.common.error;

import java.util.Locale;

/** The stable error codes of the API with their HTTP status and title. */
public enum ErrorCode {
    INVALID_ARGUMENT(400, "The request is not valid"),
    UNAUTHENTICATED(401, "A valid token is required"),
    FORBIDDEN(403, "The token does not permit this"),
    NOT_FOUND(404, "Not found"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    CROSS_SHARD(409, "The keys belong to more than one shard"),
    LOCKED(409, "The lock is held by another owner"),
    CONFLICT(409, "Not possible in the present state"),
    COMPACTED(410, "The history is gone"),
    REVISION_MISMATCH(412, "The revision does not match"),
    EXISTS(412, "The key exists"),
    FENCED(412, "The lock was taken by another owner"),
    KEY_TOO_LONG(414, "The key is too long"),
    VALUE_TOO_LARGE(413, "The value is too large"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    INTERNAL(500, "Internal error"),
    NO_LEADER(503, "The shard has no leader right now"),
    DRAINING(503, "The store is about to stop"),
    DISK_FULL(503, "The disk is full"),
    STALE(503, "The replica is more stale than permitted"),
    TIMEOUT(504, "The outcome of the write is unknown");

    private final int status;
    private final String title;

    ErrorCode(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The code as it stands in JSON: lower case with underscores. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The fixed, human-readable title. */
    public String title() {
        return title;
    }
}
