package dev.ashlar.common.cluster;

import java.util.List;

/** The answer of {@code GET /v1/cluster}. {@code source} is the process that answered; {@code authoritative} is true from the coordinator leader; {@code health} is ok, degraded or unavailable with {@code problems} in words. */
public record ClusterView(
        String clusterId,
        String source,
        boolean authoritative,
        long mapEpoch,
        List<ShardInfo> shards,
        List<StoreInfo> stores,
        List<CoordinatorInfo> coordinators,
        String health,
        List<String> problems,
        boolean auth) {}
