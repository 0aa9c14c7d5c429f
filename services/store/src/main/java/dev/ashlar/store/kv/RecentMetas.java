package dev.ashlar.store.kv;

import java.util.Arrays;

/**
 * What the database says of keys that were written lately, so that overwriting one costs no read. A key has one place: another
 * key of the same place pushes it out. Holds a few MiB at most, whatever the keys.
 *
 * <p>Engine thread only.
 */
final class RecentMetas {
    private static final int PLACES = 1 << 14;
    /** Longer keys are not kept, which bounds the memory. */
    private static final int KEY_CHARS_MAX = 128;

    private final String[] keys = new String[PLACES];
    private final ItemMeta[] metas = new ItemMeta[PLACES];

    /** What is known of a key; null when the database must be asked. */
    ItemMeta get(String key) {
        int place = place(key);
        return key.equals(keys[place]) ? metas[place] : null;
    }

    /** The database was written: this is how the key stands in it, or that it is absent. */
    void put(String key, ItemMeta meta) {
        if (key.length() <= KEY_CHARS_MAX) {
            int place = place(key);
            keys[place] = key;
            metas[place] = meta;
        }
    }

    /** The database was replaced. */
    void clear() {
        Arrays.fill(keys, null);
        Arrays.fill(metas, null);
    }

    private static int place(String key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(PLACES));
    }
}
