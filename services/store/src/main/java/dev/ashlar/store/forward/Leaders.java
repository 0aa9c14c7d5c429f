package dev.ashlar.store.forward;

import java.util.Optional;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * Where the leader of a shard is, by the best that this store knows.
 *
 * <ol>
 *   <li>What the local replica says: it hears from its leader several times a second. A voter that knows of none is electing
 *       one.
 *   <li>Without a local replica, or with one that hears nothing (it has stopped, has not caught up yet, or was removed
 *       meanwhile), the leader by the last heartbeat of a coordinator.
 *   <li>Without either, any other store with a voter: it leads, or knows who does.
 * </ol>
 */
@Singleton
public class Leaders {
    private final ClusterMap map;
    private final Replicas replicas;

    @Inject
    Leaders(ClusterMap map, Replicas replicas) {
        this.map = map;
        this.replicas = replicas;
    }

    /** {@code host:port} of the API of another store; empty when there is none to turn to. */
    public String address(int shard) {
        Replica local = replicas.of(shard);
        if (local != null && !local.stopped()) {
            String leader = local.leaderNode();
            if (!leader.isEmpty() || votes(local)) {
                return other(leader);
            }
        }
        String reported = other(map.reportedLeader(shard));
        return reported.isEmpty() ? anyVoter(shard) : reported;
    }

    /** The node that leads a shard as far as this store knows, itself included; empty when it knows of none. */
    String node(int shard) {
        Replica local = replicas.of(shard);
        return local == null || local.stopped() ? map.reportedLeader(shard) : local.leaderNode();
    }

    /**
     * Whether a shard has got another leader than the store at an address since {@code before} was its {@link #node}. What this
     * store knew all along proves nothing: another store may have known better, and named that address.
     */
    boolean hasMovedFrom(int shard, String address, String before) {
        String now = node(shard);
        if (now.isEmpty() || now.equals(before)) {
            return false;
        }
        String of = map.httpAddress(now);
        return now.equals(replicas.nodeId()) || (!of.isEmpty() && !of.equals(address));
    }

    /** By what it knows itself and by the coordinators: a removed voter may never hear of its removal. */
    private boolean votes(Replica local) {
        return local.votes()
                && map.shard(local.shard()).stream()
                        .flatMap(known -> known.replicas().stream())
                        .anyMatch(replica -> replica.store().equals(replicas.nodeId())
                                && replica.kind().equals("voter"));
    }

    private String anyVoter(int shard) {
        Optional<ShardInfo> info = map.shard(shard);
        return info.stream()
                .flatMap(known -> known.replicas().stream())
                .filter(replica -> replica.kind().equals("voter"))
                .map(ReplicaInfo::store)
                .map(this::other)
                .filter(address -> !address.isEmpty())
                .findFirst()
                .orElse("");
    }

    private String other(String node) {
        return node.isEmpty() || node.equals(replicas.nodeId()) ? "" : map.httpAddress(node);
    }
}
