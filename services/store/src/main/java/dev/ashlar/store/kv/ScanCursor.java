package dev.ashlar.store.kv;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * Where a scan goes on: after this key, in this direction. Clients see it as an opaque text and may keep it for as long
 * as they like.
 */
public record ScanCursor(String afterKey, boolean reverse) {
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 2;
    private static final int TEXT_LENGTH_MAX = (Limits.KEY_BYTES_MAX + HEADER_BYTES + 2) / 3 * 4;

    public ScanCursor {
        Keys.check(afterKey);
    }

    /** As base64url without padding. */
    public String encode() {
        ByteWriter out = new ByteWriter(HEADER_BYTES + afterKey.length());
        out.one(VERSION);
        out.one(reverse ? 1 : 0);
        out.raw(afterKey.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toBytes());
    }

    /**
     * Reads a cursor that a scan in this direction has given out.
     *
     * @throws ApiException {@code invalid_argument} when it is anything else
     */
    public static ScanCursor decode(String text, boolean reverse) {
        byte[] bytes = bytes(text);
        if (bytes.length <= HEADER_BYTES || bytes[0] != VERSION || (bytes[1] & ~1) != 0) {
            throw bad("the cursor is not one that a scan has given out");
        }
        if ((bytes[1] == 1) != reverse) {
            throw bad("the cursor belongs to a scan in the other direction");
        }
        String key = Keys.strictUtf8(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES);
        if (key.isEmpty() || bytes.length - HEADER_BYTES > Limits.KEY_BYTES_MAX) {
            throw bad("the cursor is not one that a scan has given out");
        }
        return new ScanCursor(key, reverse);
    }

    private static byte[] bytes(String text) {
        if (text.length() > TEXT_LENGTH_MAX) {
            throw bad("the cursor is too long");
        }
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException notBase64) {
            throw bad("the cursor is not base64url");
        }
    }

    private static ApiException bad(String detail) {
        return new ApiException(ErrorCode.INVALID_ARGUMENT, detail);
    }
}
