package dev.ashlar.common.query;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/** Strict percent-decoding of UTF-8: what is not valid is refused, never replaced. Pure. */
public final class PercentDecoder {
    private PercentDecoder() {}

    /**
     * @param raw as it stood in the request line; characters from 128 to 255 are bytes that the client did not encode
     * @param plusIsSpace true in a query, where forms write a space so; false in a path, where a plus is a plus
     * @param what names the part in the error
     * @throws ApiException {@code invalid_argument}
     */
    public static String decode(String raw, boolean plusIsSpace, String what) {
        if (isPlain(raw, plusIsSpace)) {
            return raw;
        }
        byte[] bytes = new byte[raw.length()];
        int size = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int high = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 1), 16) : -1;
                int low = i + 2 < raw.length() ? Character.digit(raw.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    throw bad(what + " has a '%' that is not followed by two hexadecimal digits");
                }
                bytes[size++] = (byte) (high << 4 | low);
                i += 2;
            } else if (c > 0xff) {
                throw bad(what + " has a character that must be percent-encoded");
            } else {
                bytes[size++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
            }
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, size))
                    .toString();
        } catch (CharacterCodingException malformed) {
            throw bad(what + " is not valid UTF-8 after percent-decoding");
        }
    }

    private static boolean isPlain(String raw, boolean plusIsSpace) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%' || c > 0x7e || (c == '+' && plusIsSpace)) {
                return false;
            }
        }
        return true;
    }

    private static ApiException bad(String detail) {
        return new ApiException(ErrorCode.INVALID_ARGUMENT, detail);
    }
}
