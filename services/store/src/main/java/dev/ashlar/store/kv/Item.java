package dev.ashlar.store.kv;

/**
 * A key with its value, as a reader sees it.
 *
 * @param value empty when only keys were asked for
 * @param revision the shard's revision that last wrote the key; its ETag
 * @param createRevision the shard's revision that created it
 * @param expiresAtMs shard time in milliseconds since 1970, 0 for never. An expired key stays until its expiry is applied
 */
@SuppressWarnings("ArrayRecordComponent") // As in KvCommand.Put: the bytes go from the database to the socket uncopied.
public record Item(
        String key, byte[] value, String contentType, long revision, long createRevision, long expiresAtMs) {}
