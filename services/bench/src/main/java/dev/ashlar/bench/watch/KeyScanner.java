package dev.ashlar.bench.watch;

import java.nio.charset.StandardCharsets;

/**
 * Finds keys in the bytes of a stream of events, in whatever pieces they come, without decoding the events: a key is a
 * prefix and a number of digits, and behind it come at least so many bytes of the same event, which are not looked at.
 */
public final class KeyScanner {
    /** Takes what is found. */
    @FunctionalInterface
    public interface Found {
        /** The number in a key. */
        void key(int number);
    }

    private final byte[] prefix;
    private final int digits;
    private final int skip;
    private int matched;
    private int seen;
    private int number;
    private int skipLeft;

    /**
     * A scanner for one stream.
     *
     * @param prefix its first character must not come again in it
     * @param skip bytes behind a key that need not be looked at, such as those of the value
     */
    public KeyScanner(String prefix, int digits, int skip) {
        if (prefix.isEmpty() || prefix.indexOf(prefix.charAt(0), 1) > 0) {
            throw new IllegalArgumentException("the first character of the prefix must not come again: " + prefix);
        }
        this.prefix = prefix.getBytes(StandardCharsets.US_ASCII);
        this.digits = digits;
        this.skip = skip;
    }

    /** Takes the next bytes, {@code bytes[from..to)}. */
    public void feed(byte[] bytes, int from, int to, Found found) {
        int at = from;
        while (at < to) {
            if (skipLeft > 0) {
                int n = Math.min(skipLeft, to - at);
                at += n;
                skipLeft -= n;
                continue;
            }
            byte b = bytes[at++];
            if (matched < prefix.length) {
                matched = b == prefix[matched] ? matched + 1 : b == prefix[0] ? 1 : 0;
            } else if (b < '0' || b > '9') {
                restart();
                matched = b == prefix[0] ? 1 : 0;
            } else {
                number = number * 10 + b - '0';
                if (++seen == digits) {
                    found.key(number);
                    restart();
                    skipLeft = skip;
                }
            }
        }
    }

    private void restart() {
        matched = 0;
        seen = 0;
        number = 0;
    }
}
