package dev.ashlar.raft.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link ByteWriter} wrote; throws {@link WireException} where there is less than it should be. */
final class ByteReader {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private int position;

    ByteReader(byte[] bytes) {
        this.bytes = bytes;
    }

    int get() {
        need(1);
        return bytes[position++] & 0xff;
    }

    boolean getBoolean() {
        return switch (get()) {
            case 0 -> false;
            case 1 -> true;
            default -> throw new WireException("not a boolean at " + (position - 1));
        };
    }

    int getInt() {
        need(4);
        int value = (int) INT.get(bytes, position);
        position += 4;
        return value;
    }

    /** A count of things that take at least {@code bytesEach} bytes: never more than the rest can hold. */
    int getCount(int bytesEach) {
        int count = getInt();
        if (count < 0 || (long) count * bytesEach > bytes.length - position) {
            throw new WireException("impossible count " + count + " at " + (position - 4));
        }
        return count;
    }

    long getLong() {
        need(8);
        long value = (long) LONG.get(bytes, position);
        position += 8;
        return value;
    }

    long getNonNegative() {
        long value = getLong();
        if (value < 0) {
            throw new WireException("negative number at " + (position - 8));
        }
        return value;
    }

    byte[] getBytes(int count) {
        need(count);
        position += count;
        return Arrays.copyOfRange(bytes, position - count, position);
    }

    void skip(int count) {
        need(count);
        position += count;
    }

    String getString() {
        return new String(getBytes(getCount(1)), StandardCharsets.UTF_8);
    }

    void end() {
        if (position != bytes.length) {
            throw new WireException((bytes.length - position) + " bytes too many");
        }
    }

    private void need(int count) {
        if (count < 0 || bytes.length - position < count) {
            throw new WireException("ends at " + bytes.length + ", " + count + " bytes wanted at " + position);
        }
    }
}
