package dev.ashlar.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * The keys and values of a run, made before it starts.
 *
 * <p>Keys are {@code prefix} + digits, all of one length, or in groups that share a {@code {tag}} and so a shard. Values are random bytes, which no compression can shrink: a server
 * that compresses gets no advantage from the data. There are at most {@value #VALUES_MAX} different values and about 4 MiB
 * of them, so that a block of a storage engine seldom sees one twice; a write takes one of them at random.
 */
public final class Payload {
    /** Most different values of one run. */
    public static final int VALUES_MAX = 1024;

    /** Keys of one group. */
    public static final int GROUP = 3;

    private static final int VALUE_POOL_BYTES = 4 << 20;
    private static final int VALUES_MIN = 8;

    private final byte[][] keys;
    private final byte[][] values;

    private Payload(byte[][] keys, byte[][] values) {
        this.keys = keys;
        this.values = values;
    }

    /** Keys of {@code keyBytes} bytes that start with {@code prefix}, values of {@code valueBytes} random bytes. */
    public static Payload of(String prefix, int keyCount, int keyBytes, int valueBytes, long seed) {
        int digits = keyBytes - prefix.length();
        if (keyCount < 1 || digits < Integer.toString(keyCount - 1).length()) {
            throw new IllegalArgumentException(
                    keyCount + " keys of " + keyBytes + " bytes do not fit behind the prefix " + prefix);
        }
        byte[][] keys = new byte[keyCount][];
        for (int i = 0; i < keyCount; i++) {
            keys[i] = key(prefix, digits, i, "");
        }
        return new Payload(keys, values(valueBytes, seed));
    }

    /** Keys as {@code prefix{digits}n} with n from 0 to {@value #GROUP} - 1: group i has keys {@code i * GROUP} and those behind it. */
    public static Payload grouped(String prefix, int groups, int keyBytes, int valueBytes, long seed) {
        int digits = keyBytes - prefix.length() - "{}n".length();
        if (groups < 1 || digits < Integer.toString(groups - 1).length()) {
            throw new IllegalArgumentException(
                    groups + " groups do not fit into keys of " + keyBytes + " bytes behind the prefix " + prefix);
        }
        byte[][] keys = new byte[groups * GROUP][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = key(prefix + "{", digits, i / GROUP, "}" + i % GROUP);
        }
        return new Payload(keys, values(valueBytes, seed));
    }

    private static byte[][] values(int valueBytes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[][] values =
                new byte[Math.clamp(VALUE_POOL_BYTES / Math.max(1, valueBytes), VALUES_MIN, VALUES_MAX)][valueBytes];
        for (byte[] value : values) {
            random.nextBytes(value);
        }
        return values;
    }

    private static byte[] key(String prefix, int digits, int i, String suffix) {
        String number = Integer.toString(i);
        return (prefix + "0".repeat(digits - number.length()) + number + suffix).getBytes(StandardCharsets.US_ASCII);
    }

    /** How many keys there are. */
    public int keyCount() {
        return keys.length;
    }

    /** The bytes of key {@code i}; not to be changed. */
    public byte[] key(int i) {
        return keys[i];
    }

    /** How many different values there are. */
    public int valueCount() {
        return values.length;
    }

    /** The bytes of value {@code i}, {@code 0..valueCount()-1}; not to be changed. */
    public byte[] value(int i) {
        return values[i];
    }

    /** The size of every value, in bytes. */
    public int valueBytes() {
        return values[0].length;
    }
}
