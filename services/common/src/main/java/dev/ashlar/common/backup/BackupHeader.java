package dev.ashlar.common.backup;

/**
 * Where a backup comes from.
 *
 * @param clusterId a UUID
 * @param createdMs wall clock when it was begun, milliseconds since 1970
 * @param version software version of who wrote it
 * @param shards of the cluster: the backup has a section for each
 */
public record BackupHeader(String clusterId, long createdMs, String version, int shards) {}
