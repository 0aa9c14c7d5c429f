package dev.ashlar.common.query;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/** Durations as people write them: a whole number and {@code ms}, {@code s}, {@code m} or {@code h}. Pure. */
public final class Durations {
    private static final int DIGITS_MAX = 12;

    private Durations() {}

    /**
     * @param what names the text in the error
     * @throws ApiException {@code invalid_argument}
     */
    public static long parseMs(String what, String text, long minMs, long maxMs) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        long unitMs =
                switch (text.substring(digits)) {
                    case "ms" -> 1;
                    case "s" -> 1_000;
                    case "m" -> 60_000;
                    case "h" -> 3_600_000;
                    default -> 0;
                };
        if (digits == 0 || digits > DIGITS_MAX || unitMs == 0) {
            throw bad(what + " is '" + text + "'; it must be a whole number and a unit, such as 500ms, 30s, 5m or 1h");
        }
        long ms = Long.parseLong(text, 0, digits, 10) * unitMs;
        if (ms < minMs || ms > maxMs) {
            throw bad(what + " is '" + text + "'; it must be from " + format(minMs) + " to " + format(maxMs));
        }
        return ms;
    }

    private static String format(long ms) {
        return ms != 0 && ms % 3_600_000 == 0
                ? ms / 3_600_000 + "h"
                : ms != 0 && ms % 60_000 == 0 ? ms / 60_000 + "m" : ms % 1_000 == 0 ? ms / 1_000 + "s" : ms + "ms";
    }

    private static ApiException bad(String detail) {
        return new ApiException(ErrorCode.INVALID_ARGUMENT, detail);
    }
}
