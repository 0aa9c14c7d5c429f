package dev.ashlar.store.kv;

import java.nio.charset.StandardCharsets;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/** The rules for keys, and their order: by the bytes of their UTF-8, which is the order of code points. */
public final class Keys {
    private Keys() {}

    /** Throws {@link ApiException} unless it is 1 to {@link Limits#KEY_BYTES_MAX} bytes of valid UTF-8. */
    public static void check(String key) {
        int bytes = utf8Length(key);
        if (bytes <= 0) {
            throw new ApiException(
                    ErrorCode.INVALID_ARGUMENT,
                    key.isEmpty() ? "the key is empty" : "the key is not valid Unicode (unpaired surrogate)");
        }
        if (bytes > Limits.KEY_BYTES_MAX) {
            throw new ApiException(
                    ErrorCode.KEY_TOO_LONG,
                    "the key has " + bytes + " bytes, at most " + Limits.KEY_BYTES_MAX + " are permitted");
        }
    }

    /** Throws {@link ApiException} unless it is valid UTF-8 of at most the length of a key; it may be empty. */
    public static void checkBound(String what, String text) {
        int bytes = utf8Length(text);
        if (bytes < 0 || bytes > Limits.KEY_BYTES_MAX) {
            throw new ApiException(
                    ErrorCode.INVALID_ARGUMENT,
                    what + " must be valid UTF-8 of at most " + Limits.KEY_BYTES_MAX + " bytes");
        }
    }

    /** Throws {@link ApiException} unless it can be the owner of a lock. */
    static void checkOwner(String owner) {
        int bytes = utf8Length(owner);
        if (bytes < 1 || bytes > Limits.LOCK_OWNER_BYTES_MAX) {
            throw new ApiException(
                    ErrorCode.INVALID_ARGUMENT,
                    "owner must have 1 to " + Limits.LOCK_OWNER_BYTES_MAX + " bytes of UTF-8");
        }
    }

    /** Throws {@link ApiException} unless it is 1 to {@link Limits#IDEMPOTENCY_KEY_BYTES_MAX} bytes of valid UTF-8. */
    public static void checkIdempotencyKey(String key) {
        int bytes = utf8Length(key);
        if (bytes < 1 || bytes > Limits.IDEMPOTENCY_KEY_BYTES_MAX) {
            throw new ApiException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Idempotency-Key must have 1 to " + Limits.IDEMPOTENCY_KEY_BYTES_MAX + " bytes");
        }
    }

    /** Length in bytes of UTF-8, or -1 when the text has an unpaired surrogate, which has no UTF-8. */
    static int utf8Length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                return -1;
            }
        }
        return bytes;
    }

    /** The text that {@code bytes} are the UTF-8 of, or an empty string when they are not valid UTF-8. */
    static String strictUtf8(byte[] bytes, int offset, int length) {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        // Malformed input becomes U+FFFD, so only a text with one in it can have been malformed.
        if (text.indexOf('\uFFFD') >= 0) {
            byte[] again = text.getBytes(StandardCharsets.UTF_8);
            if (again.length != length
                    || java.util.Arrays.mismatch(again, 0, length, bytes, offset, offset + length) >= 0) {
                return "";
            }
        }
        return text;
    }

    /** Compares by UTF-8 bytes. {@link String#compareTo} differs: it sorts U+10000 and above below U+E000. */
    public static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogateX = Character.isSurrogate(x);
                return surrogateX == Character.isSurrogate(y) ? x - y : surrogateX ? 1 : -1;
            }
        }
        return a.length() - b.length();
    }
}
