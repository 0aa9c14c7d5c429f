package dev.ashlar.client.error;

import java.util.Optional;

import dev.ashlar.common.error.ErrorCode;

/** A call that did not succeed. Has no stack of causes to read: {@link #code} says what happened, {@link #detail} why. */
public class AshlarException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final String detail;
    private final int status;

    /**
     * @param code a code of the API, {@code http_N} for an answer that has none, or a word of this client:
     *     {@code not_understood}, {@code interrupted}
     * @param status the HTTP status, or 0 when there was no answer
     */
    public AshlarException(String code, int status, String detail) {
        super(detail.isEmpty() ? code : code + ": " + detail);
        this.code = code;
        this.detail = detail;
        this.status = status;
    }

    /** An argument that is wrong: nothing was sent. */
    public static AshlarException notSent(ErrorCode code, String detail) {
        return new AshlarException(code.code(), 0, detail);
    }

    /** The stable code, such as {@code cross_shard} (docs/api.md). */
    public final String code() {
        return code;
    }

    /** The code, when it is one that this version knows. */
    public final Optional<ErrorCode> known() {
        for (ErrorCode each : ErrorCode.values()) {
            if (each.code().equals(code)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /** What was wrong, in a sentence. */
    public final String detail() {
        return detail;
    }

    /** The HTTP status, or 0 when there was no answer or nothing was sent. */
    public final int status() {
        return status;
    }
}
