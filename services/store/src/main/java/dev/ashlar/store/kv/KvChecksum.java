package dev.ashlar.store.kv;

/** A checksum over the items of a shard: equal on every replica that stands at the same revision (S3). */
public record KvChecksum(long revision, long checksum, long items) {}
