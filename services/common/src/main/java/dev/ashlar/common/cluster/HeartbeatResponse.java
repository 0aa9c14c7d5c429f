package dev.ashlar.common.cluster;

import java.util.List;

/** The answer to a heartbeat: the whole map when the store has an older epoch, and what the store shall do. {@code fenced} says that a newer incarnation exists: stop serving. */
public record HeartbeatResponse(
        boolean fenced, long mapEpoch, List<ShardInfo> shards, List<StoreInfo> stores, List<Order> orders) {}
