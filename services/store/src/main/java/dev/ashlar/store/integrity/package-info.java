/**
 * Whether the replicas of this store can be relied on (S3): {@link dev.ashlar.store.integrity.IntegrityLoop} has the leaders put
 * verify commands into their logs, computes the checksum of each replica at that place, and takes leadership away from a replica
 * whose bytes are damaged.
 *
 * <p>It only tells what it found ({@code replica.Replicas}, from there the heartbeat); the coordinator compares and decides what
 * is rebuilt.
 */
package dev.ashlar.store.integrity;
