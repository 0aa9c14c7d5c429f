package dev.ashlar.store.kv;

import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * Content types as they are stored: common ones as a number, others as text. The list is part of the data format: it may
 * only grow at its end, and only after every store knows the new entries.
 */
public final class ContentTypes {
    /** What a value is when the client does not say. */
    public static final String DEFAULT = "application/octet-stream";

    private static final List<String> KNOWN = List.of(
            DEFAULT,
            "application/json",
            "text/plain",
            "text/plain; charset=utf-8",
            "text/plain;charset=utf-8",
            "text/plain;charset=UTF-8",
            "application/x-www-form-urlencoded",
            "application/yaml",
            "application/xml",
            "application/protobuf",
            "application/json; charset=utf-8",
            "application/json;charset=UTF-8",
            "text/html",
            "text/yaml",
            "image/png");

    private ContentTypes() {}

    /** Throws {@link ApiException} unless it can be stored: 1 to 256 printable ASCII characters. */
    static void check(String contentType) {
        if (contentType.isEmpty() || contentType.length() > Limits.CONTENT_TYPE_BYTES_MAX || !printable(contentType)) {
            throw new ApiException(
                    ErrorCode.INVALID_ARGUMENT,
                    "Content-Type must have 1 to " + Limits.CONTENT_TYPE_BYTES_MAX + " printable ASCII characters");
        }
    }

    private static boolean printable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                return false;
            }
        }
        return true;
    }

    /** Writes 0 and the text, or 1 + the position in the list. */
    static void write(ByteWriter out, String contentType) {
        int known = KNOWN.indexOf(contentType);
        out.varint(known + 1);
        if (known < 0) {
            out.block(contentType.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    /** How many bytes {@link #write} writes. */
    static int bytes(String contentType) {
        return KNOWN.contains(contentType)
                ? 1
                : 1 + ByteWriter.varintBytes(contentType.length()) + contentType.length();
    }

    /** Reads what {@link #write} wrote; an empty string when it is not valid. */
    static String read(ByteReader in) {
        long code = in.varint();
        if (code == 0) {
            return in.text(Limits.CONTENT_TYPE_BYTES_MAX);
        }
        return code <= KNOWN.size() ? KNOWN.get((int) code - 1) : "";
    }
}
