package dev.ashlar.store.kv;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * The proof that a writer holds a lock: {@code Ashlar-Fencing: name=token}. Checked when the write is applied, in the same
 * log that decides who holds the lock, so nothing can come between the check and the write.
 *
 * @param token the revision at which the lock was acquired
 */
public record Fence(String lock, long token) {
    private static final int DIGITS_MAX = 18;

    public Fence {
        Keys.check(lock);
        if (token < 1) {
            throw new ApiException(ErrorCode.INVALID_ARGUMENT, "a fencing token is at least 1, not " + token);
        }
    }

    /** Reads the header. The name may contain {@code =}: the token follows the last one. */
    public static Fence parse(String header) {
        int equals = header.lastIndexOf('=');
        String digits = equals < 0 ? "" : header.substring(equals + 1).strip();
        if (equals < 1 || digits.length() > DIGITS_MAX || !digits.matches("[1-9][0-9]*")) {
            throw new ApiException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Ashlar-Fencing must be the name of a lock and its token, such as jobs/{7}=42");
        }
        return new Fence(header.substring(0, equals).strip(), Long.parseLong(digits));
    }
}
