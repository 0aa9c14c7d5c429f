package dev.ashlar.acceptance.cluster;

/** How large a cluster is. Every shard has three replicas, or as many as there are stores. */
public record ClusterSize(int stores, int coordinators, int shards) {
    /** The cluster of {@code make run}. */
    public static final ClusterSize STANDARD = new ClusterSize(3, 3, 6);

    /** Many shards on few stores: the shape in which leaderless shards are most likely. */
    public static final ClusterSize MANY_SHARDS = new ClusterSize(3, 3, 24);
}
