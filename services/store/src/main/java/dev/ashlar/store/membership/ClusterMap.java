package dev.ashlar.store.membership;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import dev.ashlar.common.cluster.HeartbeatResponse;
import dev.ashlar.common.cluster.RegisterResponse;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.cluster.StoreInfo;

/**
 * The newest shard map and the addresses of the stores. Reads cost one volatile read and may come from any thread; only
 * the membership agent writes.
 */
@Singleton
public class ClusterMap {
    private static final Logger LOG = Logger.getLogger(ClusterMap.class);

    private record Addresses(String http, String peer) {}

    private record View(MapState state, Map<String, Addresses> addresses, Map<Integer, ShardInfo> shards) {}

    private volatile View view = view(MapState.EMPTY);
    private MapFile file;
    /** Whether the file lags behind, since the disk was full. */
    private boolean unwritten;

    /** Takes what was known before the process stopped. Called once, at the start. */
    void load(MapFile mapFile) throws IOException {
        this.file = mapFile;
        this.view = view(mapFile.read());
    }

    public MapState state() {
        return view.state();
    }

    /** The number of shards of the cluster, 0 while it is not known. */
    public int shards() {
        return view.state().shards();
    }

    /** {@code host:port} of the peer port of a node id, empty when it is not known. */
    public String peerAddress(String nodeId) {
        Addresses addresses = view.addresses().get(nodeId);
        return addresses == null ? "" : addresses.peer();
    }

    /** {@code host:port} of the API of a node id, empty when it is not known. */
    public String httpAddress(String nodeId) {
        Addresses addresses = view.addresses().get(nodeId);
        return addresses == null ? "" : addresses.http();
    }

    public Optional<ShardInfo> shard(int shard) {
        return Optional.ofNullable(view.shards().get(shard));
    }

    /** The node that led a shard by the last report of a coordinator; empty when none is known. */
    public String reportedLeader(int shard) {
        return shard(shard)
                .flatMap(info -> info.replicas().stream()
                        .filter(replica -> replica.replica() == info.leaderReplica())
                        .findFirst())
                .map(ReplicaInfo::store)
                .orElse("");
    }

    /** Takes the cluster id and the number of shards. The caller has checked them against {@link #state()}. */
    void registered(RegisterResponse response) throws IOException {
        MapState old = view.state();
        replace(new MapState(response.clusterId(), response.shards(), old.epoch(), old.map(), old.stores()));
    }

    /**
     * Takes a map that is not older than the one known. A disk that cannot keep it just now, since it is full, ends nothing
     * (S9): the map serves from memory, and every further heartbeat tries again.
     */
    void heard(HeartbeatResponse response) {
        MapState old = view.state();
        boolean newMap =
                response.shards() != null && !response.shards().isEmpty() && response.mapEpoch() >= old.epoch();
        boolean newStores = response.stores() != null && !response.stores().isEmpty();
        List<StoreInfo> stores = newStores ? response.stores() : old.stores();
        MapState state = newMap
                ? new MapState(old.clusterId(), old.shards(), response.mapEpoch(), response.shards(), stores)
                : new MapState(old.clusterId(), old.shards(), old.epoch(), old.map(), stores);
        try {
            replace(state);
        } catch (IOException full) {
            if (!unwritten) {
                LOG.warnf("the map of the cluster is not on the disk yet: %s", full.getMessage());
            }
            unwritten = true;
        }
    }

    private void replace(MapState state) throws IOException {
        String before = view.state().fingerprint();
        view = view(state);
        if (unwritten || !before.equals(state.fingerprint())) {
            file.write(state);
            unwritten = false;
        }
    }

    private static View view(MapState state) {
        Map<String, Addresses> addresses = new HashMap<>();
        for (StoreInfo store : state.stores()) {
            addresses.put(store.name() + "." + store.diskId(), new Addresses(store.httpAddress(), store.peerAddress()));
        }
        Map<Integer, ShardInfo> shards = new HashMap<>();
        state.map().forEach(info -> shards.put(info.shard(), info));
        return new View(state, Map.copyOf(addresses), Map.copyOf(shards));
    }
}
