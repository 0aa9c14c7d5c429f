package dev.ashlar.store.kv;

/** A key that this turn has changed, as it is now: what a check needs, and the row for those who read the value. */
@SuppressWarnings("ArrayRecordComponent") // The row that goes into the batch; nobody changes it.
record Touched(ItemMeta meta, byte[] row) {
    static final Touched DELETED = new Touched(ItemMeta.ABSENT, new byte[0]);
}
