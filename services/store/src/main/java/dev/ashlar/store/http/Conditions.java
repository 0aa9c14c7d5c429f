package dev.ashlar.store.http;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.kv.Precondition;

/**
 * {@code If-Match} and {@code If-None-Match}. An ETag of ours is a revision in quotes; any other text cannot have come from
 * us and is refused rather than compared, since it would silently never match. Pure.
 */
final class Conditions {
    private static final int DIGITS_MAX = 18;

    private Conditions() {}

    /**
     * The condition of a write.
     *
     * @param ifMatch header, or null: {@code "revision"} or {@code *}
     * @param ifNoneMatch header, or null: {@code *} only
     */
    static Precondition ofWrite(String ifMatch, String ifNoneMatch) {
        if (ifMatch == null && ifNoneMatch == null) {
            return Precondition.NONE;
        }
        if (ifMatch != null && ifNoneMatch != null) {
            throw bad("If-Match and If-None-Match exclude each other");
        }
        if (ifNoneMatch != null) {
            if (!ifNoneMatch.strip().equals("*")) {
                throw bad("If-None-Match of a write can only be *, it means that the key must not exist");
            }
            return Precondition.ABSENT;
        }
        String tag = ifMatch.strip();
        return tag.equals("*") ? Precondition.EXISTS : new Precondition.AtRevision(revision("If-Match", tag));
    }

    /**
     * Whether a reader that sent this {@code If-None-Match} already has the revision.
     *
     * @param ifNoneMatch {@code *}, or ETags separated by commas; weak ones ({@code W/}) compare equal, as RFC 9110 says
     */
    static boolean alreadyHas(String ifNoneMatch, long currentRevision) {
        if (ifNoneMatch.strip().equals("*")) {
            return true;
        }
        boolean has = false;
        for (String part : ifNoneMatch.split(",", -1)) {
            String tag = part.strip();
            has |= revision("If-None-Match", tag.startsWith("W/") ? tag.substring(2) : tag) == currentRevision;
        }
        return has;
    }

    /** Refuses what {@link #alreadyHas} would refuse, whether or not the key exists. */
    static void checkRead(String ifNoneMatch) {
        var unused = alreadyHas(ifNoneMatch, 0);
    }

    private static long revision(String header, String tag) {
        int digits = tag.length() - 2;
        boolean valid = digits >= 1
                && digits <= DIGITS_MAX
                && tag.charAt(0) == '"'
                && tag.charAt(tag.length() - 1) == '"'
                && tag.charAt(1) != '0';
        for (int i = 1; valid && i <= digits; i++) {
            valid = tag.charAt(i) >= '0' && tag.charAt(i) <= '9';
        }
        if (!valid) {
            throw bad(header + " must be a revision in quotes, such as \"42\", or *");
        }
        return Long.parseLong(tag, 1, tag.length() - 1, 10);
    }

    private static ApiException bad(String detail) {
        return new ApiException(ErrorCode.INVALID_ARGUMENT, detail);
    }
}
