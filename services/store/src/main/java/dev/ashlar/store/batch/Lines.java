package dev.ashlar.store.batch;

import java.util.Arrays;
import java.util.function.Consumer;

import io.vertx.core.buffer.Buffer;

/** Cuts what comes in pieces into lines; holds one unfinished line of at most {@code lineBytesMax} bytes. One thread. */
final class Lines {
    private final int lineBytesMax;
    private byte[] rest = new byte[256];
    private int size;

    Lines(int lineBytesMax) {
        this.lineBytesMax = lineBytesMax;
    }

    /** Gives every line that is whole now, without its end. False when a line is too long; nothing more may come then. */
    boolean take(Buffer piece, Consumer<byte[]> line) {
        byte[] bytes = piece.getBytes();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                if (!hold(bytes, from, i - from)) {
                    return false;
                }
                end(line);
                from = i + 1;
            }
        }
        return hold(bytes, from, bytes.length - from);
    }

    /** The last line need not have an end. */
    void end(Consumer<byte[]> line) {
        int length = size > 0 && rest[size - 1] == '\r' ? size - 1 : size;
        size = 0;
        if (length > 0) {
            line.accept(Arrays.copyOf(rest, length));
        }
    }

    private boolean hold(byte[] bytes, int from, int length) {
        if (size + length > lineBytesMax) {
            return false;
        }
        if (size + length > rest.length) {
            rest = Arrays.copyOf(rest, Math.max(size + length, Math.min(lineBytesMax, rest.length * 2)));
        }
        System.arraycopy(bytes, from, rest, size, length);
        size += length;
        return true;
    }
}
