package dev.ashlar.cli.output;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** A value in one cell of a table: text shortened to what fits, anything else by its size. Never sends control characters to a terminal. */
public final class ValuePreview {
    private static final int CHARS_MAX = 48;

    private ValuePreview() {}

    public static String of(byte[] value) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException notText) {
            return "(binary)";
        }
        return shorten(printable(text));
    }

    /** Text with every control character as its escape. */
    public static String printable(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().limit(4096).forEach(c -> {
            switch (c) {
                case '\n' -> clean.append("\\n");
                case '\r' -> clean.append("\\r");
                case '\t' -> clean.append("\\t");
                default -> {
                    if (Character.isISOControl(c)) {
                        clean.append(String.format("\\u%04x", c));
                    } else {
                        clean.appendCodePoint(c);
                    }
                }
            }
        });
        return clean.toString();
    }

    private static String shorten(String text) {
        return text.length() <= CHARS_MAX ? text : text.substring(0, CHARS_MAX - 1) + "…";
    }
}
