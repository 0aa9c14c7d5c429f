package dev.ashlar.client.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ErrorCode;

/** Paths and queries of the API with percent-encoding: every byte of UTF-8 that is not unreserved (RFC 3986) is encoded, in keys all but the slash. */
public final class Paths {
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    private Paths() {}

    /** The path of a key. */
    public static String key(String key) {
        return "/v1/kv/" + name("a key", key);
    }

    /** The path of a lock. */
    public static String lock(String name) {
        return "/v1/locks/" + name("the name of a lock", name);
    }

    private static String name(String what, String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > Limits.KEY_BYTES_MAX) {
            throw AshlarException.notSent(
                    bytes < 1 ? ErrorCode.INVALID_ARGUMENT : ErrorCode.KEY_TOO_LONG,
                    what + " has 1 to " + Limits.KEY_BYTES_MAX + " bytes of UTF-8, this one " + bytes);
        }
        return encode(name, UNRESERVED + "/");
    }

    /** {@code ?a=b&c=d} in the order of the map, or nothing when it is empty. */
    public static String query(Map<String, String> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.entrySet().stream()
                        .map(p -> p.getKey() + "=" + encode(p.getValue(), UNRESERVED))
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static String encode(String text, String plain) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0 && plain.indexOf(b) >= 0) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(String.format("%02x", b & 0xff).toUpperCase(Locale.ROOT));
            }
        }
        return encoded.toString();
    }
}
