package dev.ashlar.common.backup;

/**
 * A key with all that is kept of it.
 *
 * @param value must not be changed
 * @param revision the shard's revision that last wrote it
 * @param createRevision the shard's revision that created it
 * @param ttlMs what is left of its time to live, in milliseconds; 0 for none
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares items; copying up to 1 MiB each would only cost.
public record BackupItem(String key, byte[] value, String contentType, long revision, long createRevision, long ttlMs) {
    /** Bytes of key and value: what a backup counts. */
    public long payloadBytes() {
        return key.getBytes(java.nio.charset.StandardCharsets.UTF_8).length + (long) value.length;
    }
}
