package dev.ashlar.common.backup;

/**
 * One line of the manifest.
 *
 * @param revision of the shard, at which the section was taken
 * @param payloadBytes of keys and values
 * @param sha256 over the payloads of the section's item frames, 64 hex digits
 */
public record ShardSummary(int shard, long revision, long items, long payloadBytes, String sha256) {}
