/**
 * The backup file (docs/backup-format.md): {@link dev.ashlar.common.backup.BackupWriter} and
 * {@link dev.ashlar.common.backup.ShardSection} write it, {@link dev.ashlar.common.backup.BackupReader} reads it and believes
 * nothing that it has not checked.
 *
 * <p>Stores write it from their replicas, the command line writes it from a dead store's disk and restores it. Memory is bounded
 * by one frame. Nothing here knows HTTP, RocksDB or a clock.
 */
package dev.ashlar.common.backup;
