package dev.ashlar.store.kv;

import java.util.Optional;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * One page of keys in the order of their UTF-8 bytes.
 *
 * @param prefix only keys that begin with it; empty for all
 * @param from only keys not below it (inclusive); empty for no bound
 * @param to only keys below it (exclusive); empty for no bound
 * @param limit 1 to {@link Limits#SCAN_LIMIT_MAX}
 * @param reverse from the highest key down
 * @param keysOnly leaves the values out
 * @param afterKey only keys after this one in the direction of the scan: where the page before ended
 */
public record ScanRequest(
        String prefix,
        String from,
        String to,
        int limit,
        boolean reverse,
        boolean keysOnly,
        Optional<String> afterKey) {
    public ScanRequest {
        if (limit < 1 || limit > Limits.SCAN_LIMIT_MAX) {
            throw new ApiException(
                    ErrorCode.INVALID_ARGUMENT,
                    "limit must be between 1 and " + Limits.SCAN_LIMIT_MAX + ", not " + limit);
        }
        bound("prefix", prefix);
        bound("from", from);
        bound("to", to);
    }

    private static void bound(String name, String text) {
        int bytes = Keys.utf8Length(text);
        if (bytes < 0 || bytes > Limits.KEY_BYTES_MAX) {
            throw new ApiException(
                    ErrorCode.INVALID_ARGUMENT,
                    name + " must be valid UTF-8 of at most " + Limits.KEY_BYTES_MAX + " bytes");
        }
    }

    /** The same scan, going on after a key. */
    public ScanRequest after(String key) {
        return new ScanRequest(prefix, from, to, limit, reverse, keysOnly, Optional.of(key));
    }
}
