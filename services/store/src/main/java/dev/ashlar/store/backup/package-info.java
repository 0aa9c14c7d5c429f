/**
 * Backups (docs/backup-format.md): {@link dev.ashlar.store.backup.BackupRoute} streams all shards to a client, each as it was at one
 * revision; a shard that is led elsewhere comes from its leader. {@link dev.ashlar.store.backup.Recovery} makes the same file from the
 * disk of a store that cannot run any more.
 *
 * <p>Reading and sending block, on platform threads of this package; memory is bounded by a few frames for each backup. It never
 * writes to a shard.
 */
package dev.ashlar.store.backup;
