package dev.ashlar.common.error;

import java.util.Objects;

/** Carries an {@link ErrorCode} and what exactly was wrong. Has no stack trace: it is an answer, not a fault. */
public final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ErrorCode code;
    private final long retryAfterMs;

    public ApiException(ErrorCode code, String detail) {
        this(code, detail, -1);
    }

    /** @param retryAfterMs when a retry may succeed, in milliseconds; -1 when it will not */
    public ApiException(ErrorCode code, String detail, long retryAfterMs) {
        super(Objects.requireNonNull(detail), null, false, false);
        this.code = Objects.requireNonNull(code);
        this.retryAfterMs = retryAfterMs;
    }

    public ErrorCode code() {
        return code;
    }

    /** Milliseconds after which a retry may succeed, or -1. */
    public long retryAfterMs() {
        return retryAfterMs;
    }
}
