package dev.ashlar.store.kv;

/** What applying a command needs to know of a key: its item without the value. */
record ItemMeta(long revision, long createRevision, long expiresAtMs) {
    /** There is no such key. */
    static final ItemMeta ABSENT = new ItemMeta(0, 0, 0);

    boolean exists() {
        return revision != 0;
    }
}
