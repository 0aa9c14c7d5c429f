package dev.ashlar.store.http;

import java.nio.charset.StandardCharsets;

/** JSON written by hand: for the hot path, and for the few places where an object mapper would be a detour. Pure. */
public final class JsonText {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private JsonText() {}

    /** The answer of a write. */
    static byte[] written(String key, long revision, int shard) {
        StringBuilder out = new StringBuilder(key.length() + 64).append("{\"key\":");
        quote(out, key);
        return out.append(",\"revision\":")
                .append(revision)
                .append(",\"shard\":")
                .append(shard)
                .append("}\n")
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    /** A string in quotes. */
    public static void quote(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7f || c == 0x2028 || c == 0x2029) {
                        out.append("\\u")
                                .append(HEX[c >> 12])
                                .append(HEX[c >> 8 & 15])
                                .append(HEX[c >> 4 & 15])
                                .append(HEX[c & 15]);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
