package dev.ashlar.common.cluster;

import java.util.List;

/** The answer to a heartbeat: the cluster, and what the store shall do. Shards and stores are left out when they are those of the {@code view} that the store has told; 0 from a version that does not number its views. {@code fenced} says that a newer incarnation exists: stop serving. {@code latch} is null and {@code format} 0 from a version that does not tell; {@code format} is the data format the cluster is finalized at. */
public record HeartbeatResponse(
        boolean fenced,
        long mapEpoch,
        List<ShardInfo> shards,
        List<StoreInfo> stores,
        List<Order> orders,
        LatchAdvice latch,
        int format,
        long view) {
    /** One that tells nothing about the latch. */
    public HeartbeatResponse(
            boolean fenced, long mapEpoch, List<ShardInfo> shards, List<StoreInfo> stores, List<Order> orders) {
        this(fenced, mapEpoch, shards, stores, orders, null, 0, 0);
    }
}
