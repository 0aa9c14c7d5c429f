package dev.ashlar.store.membership;

import java.util.List;

import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.cluster.StoreInfo;

/**
 * What a store knows of its cluster, as it is written to {@code map.json}.
 *
 * @param clusterId the cluster this disk belongs to; empty before the first registration
 * @param shards the number of shards, 0 before the first registration
 * @param epoch of the shard map, 0 when there is none yet
 */
public record MapState(String clusterId, int shards, long epoch, List<ShardInfo> map, List<StoreInfo> stores) {
    static final MapState EMPTY = new MapState("", 0, 0, List.of(), List.of());

    public MapState {
        clusterId = clusterId == null ? "" : clusterId;
        map = map == null ? List.of() : List.copyOf(map);
        stores = stores == null ? List.of() : List.copyOf(stores);
    }

    /** The part of it that is worth writing to disk: without revisions, leaders and times. */
    String fingerprint() {
        StringBuilder text =
                new StringBuilder(clusterId).append(shards).append(' ').append(epoch);
        for (StoreInfo store : stores) {
            text.append('\n').append(store.name()).append('.').append(store.diskId());
            text.append(' ').append(store.httpAddress()).append(' ').append(store.peerAddress());
        }
        return text.toString();
    }
}
