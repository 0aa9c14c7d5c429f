package dev.ashlar.store.kv;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the databases of a process say of keys that were written or checked lately, so that overwriting one costs no read.
 *
 * <p>A table of sets, as in a processor's cache: a key may stand in any of the {@value #WAYS} places of two sets, and when all are
 * taken pushes one of the others out, in turn. With the choice of two, three quarters of the table are full before that happens
 * often (Azar et al., "Balanced Allocations", SIAM Journal on Computing 29, 1999). Numbers are in arrays of their own and a key
 * that is known stays the same object, so what is learned of it leaves nothing for the garbage collector to copy. Holds 65,536
 * keys at most, some 15 MiB whatever the shards, and 22 MiB if all keys are long and none of their letters Latin.
 *
 * <p>Engine thread only, but for {@link #newState}.
 */
public final class RecentMetas {
    static final int WAYS = 4;
    private static final int SETS = 1 << 14;
    /** Longer keys are not kept, which bounds the memory. */
    private static final int KEY_CHARS_MAX = 128;
    /** Of an {@link ItemMeta}. */
    private static final int NUMBERS = 3;

    private final AtomicInteger states = new AtomicInteger();
    /** State and hash of the key at each place, so that mostly no other key is looked at; 0 where there is none. */
    private final long[] tags = new long[SETS * WAYS];

    private final String[] keys = new String[SETS * WAYS];
    private final long[] numbers = new long[SETS * WAYS * NUMBERS];
    private int pushOut;

    /** A number that stands for a database; another one when that is replaced, so that nothing of the old is found. Any thread. */
    int newState() {
        return states.incrementAndGet();
    }

    /** What is known of a key in a state; null when the database must be asked. */
    ItemMeta get(int state, String key) {
        int place = find(tag(state, key), key);
        if (place < 0) {
            return null;
        }
        int at = place * NUMBERS;
        return numbers[at] == 0 ? ItemMeta.ABSENT : new ItemMeta(numbers[at], numbers[at + 1], numbers[at + 2]);
    }

    /** The database was written or asked: this is how the key stands in it, or that it is absent. */
    void put(int state, String key, ItemMeta meta) {
        if (key.length() > KEY_CHARS_MAX) {
            return;
        }
        long tag = tag(state, key);
        int place = find(tag, key);
        if (place < 0) {
            place = place(tag);
            tags[place] = tag;
            keys[place] = key;
        }
        int at = place * NUMBERS;
        numbers[at] = meta.revision();
        numbers[at + 1] = meta.createRevision();
        numbers[at + 2] = meta.expiresAtMs();
    }

    private int find(long tag, String key) {
        int place = find(oneSet(tag), tag, key);
        return place < 0 ? find(otherSet(tag), tag, key) : place;
    }

    private int find(int set, long tag, String key) {
        for (int place = set; place < set + WAYS; place++) {
            if (tags[place] == tag && key.equals(keys[place])) {
                return place;
            }
        }
        return -1;
    }

    /** A free place for a key that has none, or that of another key. */
    private int place(long tag) {
        int one = oneSet(tag);
        int other = otherSet(tag);
        int taken = taken(one);
        int otherTaken = taken(other);
        if (taken < WAYS || otherTaken < WAYS) {
            return taken <= otherTaken ? one + taken : other + otherTaken;
        }
        pushOut = (pushOut + 1) % (2 * WAYS);
        return pushOut < WAYS ? one + pushOut : other + pushOut - WAYS;
    }

    /** How many places of a set are taken: they are filled in order, and stay so. */
    private int taken(int set) {
        int taken = 0;
        while (taken < WAYS && tags[set + taken] != 0) {
            taken++;
        }
        return taken;
    }

    private static long tag(int state, String key) {
        return (long) state << Integer.SIZE | Integer.toUnsignedLong(key.hashCode());
    }

    private static int oneSet(long tag) {
        return set((int) tag * 0x9E3779B9);
    }

    /** Follows from other bits of the hash than {@link #oneSet}, so that keys that share one set rarely share both. */
    private static int otherSet(long tag) {
        int hash = (int) tag;
        return set((hash ^ hash >>> 15) * 0x85EBCA6B);
    }

    /** The first place of the set that the upper bits choose. */
    private static int set(int hash) {
        return (hash >>> Integer.SIZE - Integer.numberOfTrailingZeros(SETS)) * WAYS;
    }
}
