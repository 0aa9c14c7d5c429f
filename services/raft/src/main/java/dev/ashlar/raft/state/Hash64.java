package dev.ashlar.raft.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A fast 64-bit hash to compare bytes that nobody forges: checksums of replicas, hashes of requests. Eight bytes at a
 * time by a multiply-rotate step, finished by MurmurHash3's fmix64. Part of the data format: the result never changes.
 */
public final class Hash64 {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long K1 = 0x9e3779b97f4a7c15L;
    private static final long K2 = 0xc2b2ae3d27d4eb4fL;

    private Hash64() {}

    public static long of(byte[] bytes, int offset, int length) {
        return of(0, bytes, offset, length);
    }

    /** Goes on from an earlier result: the order of the parts and their lengths matter. */
    public static long of(long seed, byte[] bytes, int offset, int length) {
        long h = seed ^ (length * K1);
        int at = offset;
        int end = offset + length;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            h = Long.rotateLeft(h ^ ((long) LONGS.get(bytes, at) * K2), 31) * K1;
        }
        long tail = 0;
        for (int shift = 0; at < end; at++, shift += Byte.SIZE) {
            tail |= (bytes[at] & 0xffL) << shift;
        }
        h = Long.rotateLeft(h ^ (tail * K2), 31) * K1;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
