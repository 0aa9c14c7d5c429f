package dev.ashlar.coordinator.state;

import dev.ashlar.common.Limits;

/**
 * What is fixed when a cluster is bootstrapped.
 *
 * @param shards 1 to {@link Limits#SHARDS_MAX}
 * @param replicationFactor replicas of each shard, 1 to {@link Limits#REPLICATION_FACTOR_MAX}
 * @param expectStores shards are placed once so many stores have registered
 */
public record Settings(int shards, int replicationFactor, int expectStores) {
    public Settings {
        check("shards", shards, Limits.SHARDS_MAX);
        check("replication factor", replicationFactor, Limits.REPLICATION_FACTOR_MAX);
        check("expected stores", expectStores, Limits.STORES_MAX);
    }

    /** Replicas that each shard gets. */
    public int replicasPerShard() {
        return Math.min(replicationFactor, expectStores);
    }

    private static void check(String what, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(what + " must be 1 to " + max + ", not " + value);
        }
    }
}
