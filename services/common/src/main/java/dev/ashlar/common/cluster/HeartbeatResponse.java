package dev.ashlar.common.cluster;

import java.util.List;

/** The answer to a heartbeat: the whole map when the store has an older epoch, and what the store shall do. {@code fenced} says that a newer incarnation exists: stop serving. {@code latch} is null and {@code format} 0 from a version that does not tell; {@code format} is the data format the cluster is finalized at. */
public record HeartbeatResponse(
        boolean fenced,
        long mapEpoch,
        List<ShardInfo> shards,
        List<StoreInfo> stores,
        List<Order> orders,
        LatchAdvice latch,
        int format) {
    /** One that tells nothing about the latch. */
    public HeartbeatResponse(
            boolean fenced, long mapEpoch, List<ShardInfo> shards, List<StoreInfo> stores, List<Order> orders) {
        this(fenced, mapEpoch, shards, stores, orders, null, 0);
    }
}
