package dev.ashlar.raft.state;

/**
 * What two replicas that have applied the same entries must agree on (S3).
 *
 * @param checksum over all keys and values of the subclass, in order
 * @param appliedIndex the index of the last entry that it covers
 * @param entries keys that it covers
 */
public record StateChecksum(long checksum, long appliedIndex, long entries) {}
