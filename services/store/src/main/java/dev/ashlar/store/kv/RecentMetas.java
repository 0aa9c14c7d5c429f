package dev.ashlar.store.kv;

/**
 * What the databases of a process say of keys that were written or checked lately, so that overwriting one costs no read. A
 * key has one place: another key of the same place pushes it out. Holds some 15 MiB at most, whatever the keys and the shards.
 *
 * <p>Engine thread only.
 */
public final class RecentMetas {
    private static final int PLACES = 1 << 16;
    /** Longer keys are not kept, which bounds the memory. */
    private static final int KEY_CHARS_MAX = 128;

    private final Object[] states = new Object[PLACES];
    private final String[] keys = new String[PLACES];
    private final ItemMeta[] metas = new ItemMeta[PLACES];

    /** What is known of a key in a state; null when the database must be asked. */
    ItemMeta get(Object state, String key) {
        int place = place(key);
        return states[place] == state && key.equals(keys[place]) ? metas[place] : null;
    }

    /**
     * The database was written or asked: this is how the key stands in it, or that it is absent.
     *
     * @param state stands for the database; another one when that is replaced, so that nothing of the old is found
     */
    void put(Object state, String key, ItemMeta meta) {
        if (key.length() <= KEY_CHARS_MAX) {
            int place = place(key);
            states[place] = state;
            keys[place] = key;
            metas[place] = meta;
        }
    }

    private static int place(String key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return hash >>> (Integer.SIZE - Integer.numberOfTrailingZeros(PLACES));
    }
}
