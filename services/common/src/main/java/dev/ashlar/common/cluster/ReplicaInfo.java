package dev.ashlar.common.cluster;

/** A replica of a shard: the store that hosts it (name.diskid), a number never used twice in the shard, and {@code voter} or {@code learner}. */
public record ReplicaInfo(String store, long replica, String kind) {}
