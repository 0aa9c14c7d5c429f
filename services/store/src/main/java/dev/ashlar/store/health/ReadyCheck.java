package dev.ashlar.store.health;

import java.util.ArrayList;
import java.util.List;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.store.boot.StoreNode;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * Ready to serve.
 *
 * <ol>
 *   <li>Never while it is stopping, not registered, fenced or broken.
 *   <li>Once per process start: the map is known, every replica it places here runs, has a leader and has caught up. Until
 *       then the reasons are told, shard by shard.
 *   <li>From then on it stays ready: a shard that loses its leader later is every store's trouble alike, and a store that
 *       stopped answering for its other shards would only make it worse.
 * </ol>
 */
@Readiness
@ApplicationScoped
public class ReadyCheck implements HealthCheck {
    private static final long LAG_ENTRIES_MAX = 64;
    private static final int REASONS_MAX = 8;

    private final StoreNode node;
    private final Membership membership;
    private final ClusterMap map;
    private final Replicas replicas;
    private volatile boolean caughtUp;

    @Inject
    ReadyCheck(StoreNode node, Membership membership, ClusterMap map, Replicas replicas) {
        this.node = node;
        this.membership = membership;
        this.map = map;
        this.replicas = replicas;
    }

    @Override
    public HealthCheckResponse call() {
        List<String> reasons = reasons();
        return HealthCheckResponse.named("ready")
                .status(reasons.isEmpty())
                .withData("reasons", String.join("; ", reasons.subList(0, Math.min(REASONS_MAX, reasons.size()))))
                .withData("map_epoch", map.state().epoch())
                .withData("replicas", replicas.all().size())
                .build();
    }

    private List<String> reasons() {
        List<String> reasons = new ArrayList<>();
        if (node.draining()) {
            reasons.add("the store is stopping");
        }
        if (!membership.registration().registered()) {
            reasons.add("not registered: " + membership.registration().problem());
        }
        if (!replicas.fault().isEmpty()) {
            reasons.add(replicas.fault());
        }
        if (!caughtUp && reasons.isEmpty()) {
            startup(reasons);
            caughtUp = reasons.isEmpty();
        }
        return reasons;
    }

    private void startup(List<String> reasons) {
        if (!replicas.open()) {
            reasons.add("the replicas are being opened");
            return;
        }
        if (map.state().map().isEmpty()) {
            reasons.add("the shards have not been placed yet");
            return;
        }
        for (ShardInfo shard : map.state().map()) {
            boolean here = shard.replicas().stream().map(ReplicaInfo::store).anyMatch(replicas.nodeId()::equals);
            if (here) {
                replica(shard.shard(), reasons);
            }
        }
    }

    private void replica(int shard, List<String> reasons) {
        Replica replica = replicas.of(shard);
        if (replica == null) {
            reasons.add("shard " + shard + ": the replica does not run yet");
        } else if (replica.leaderNode().isEmpty()) {
            reasons.add("shard " + shard + ": no leader");
        } else if (replica.lagEntries() > LAG_ENTRIES_MAX) {
            reasons.add("shard " + shard + ": " + replica.lagEntries() + " entries behind");
        }
    }
}
