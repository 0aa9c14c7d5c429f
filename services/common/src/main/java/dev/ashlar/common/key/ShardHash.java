package dev.ashlar.common.key;

import java.nio.charset.StandardCharsets;

/**
 * Maps a key to its shard.
 *
 * <ol>
 *   <li>When the key has a non-empty part in braces, only what stands in the first braces is hashed, so that keys with
 *       one tag share a shard.
 *   <li>The bytes are hashed by 64-bit FNV-1a and mixed by the finalizer of MurmurHash3 (fmix64), since FNV alone leaves
 *       the high bits of short keys poor.
 *   <li>The 64-bit result is reduced to {@code 0..shards-1} by the high word of a 64×32-bit product.
 * </ol>
 *
 * <p>It is part of the data format: a change would lose every key.
 */
public final class ShardHash {
    private ShardHash() {}

    /** The shard of a key, in {@code 0..shards-1}. */
    public static int shardOf(String key, int shards) {
        if (shards < 1) {
            throw new IllegalArgumentException("shards must be at least 1, not " + shards);
        }
        return reduce(hash(tag(key).getBytes(StandardCharsets.UTF_8)), shards);
    }

    /** The part of a key that is hashed. */
    public static String tag(String key) {
        int open = key.indexOf('{');
        if (open < 0) {
            return key;
        }
        int close = key.indexOf('}', open + 1);
        return close > open + 1 ? key.substring(open + 1, close) : key;
    }

    static long hash(byte[] bytes) {
        long h = 0xcbf29ce484222325L;
        for (byte b : bytes) {
            h = (h ^ (b & 0xff)) * 0x100000001b3L;
        }
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }

    private static int reduce(long hash, int shards) {
        return (int) Math.unsignedMultiplyHigh(hash, shards);
    }
}
