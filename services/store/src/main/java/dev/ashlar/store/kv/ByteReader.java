package dev.ashlar.store.kv;

import java.util.Arrays;

/**
 * Reads what {@link ByteWriter} wrote. Anything short, overlong or out of range makes it {@link #bad()}, after which
 * every read gives 0 or nothing; it never throws, whatever the bytes are. One thread.
 */
final class ByteReader {
    private final byte[] bytes;
    private final int end;
    private int at;
    private boolean bad;

    ByteReader(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    int one() {
        if (bad || at >= end) {
            bad = true;
            return 0;
        }
        return bytes[at++] & 0xff;
    }

    long varint() {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int b = one();
            value |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                // One number, one spelling: a last byte of 0 would be a second way to write it.
                if (b == 0 && shift > 0) {
                    bad = true;
                }
                return bad ? 0 : value;
            }
        }
        bad = true;
        return 0;
    }

    long fixed64() {
        if (bad || end - at < 8) {
            bad = true;
            return 0;
        }
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | (bytes[at++] & 0xff);
        }
        return value;
    }

    /** A block of at most {@code bytesMax} bytes. */
    byte[] block(int bytesMax) {
        int length = length(bytesMax);
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    /** A block of at most {@code bytesMax} bytes that is valid UTF-8; an empty one is not valid. */
    String text(int bytesMax) {
        int length = length(bytesMax);
        String text = Keys.strictUtf8(bytes, at, length);
        at += length;
        if (text.isEmpty()) {
            bad = true;
        }
        return text;
    }

    /** The same, where an empty text is valid. */
    String textOrEmpty(int bytesMax) {
        int length = length(bytesMax);
        String text = Keys.strictUtf8(bytes, at, length);
        at += length;
        if (text.isEmpty() && length > 0) {
            bad = true;
        }
        return text;
    }

    /** Says that what was read makes no sense. */
    void spoil() {
        bad = true;
    }

    private int length(int bytesMax) {
        long length = varint();
        if (bad || length > bytesMax || length > end - at) {
            bad = true;
            return 0;
        }
        return (int) length;
    }

    /** What has not been read yet. */
    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, at, end);
        at = end;
        return rest;
    }

    int position() {
        return at;
    }

    boolean bad() {
        return bad;
    }

    /** Whether everything was read and all of it was good. */
    boolean finished() {
        return !bad && at == end;
    }
}
