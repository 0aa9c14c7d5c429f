package dev.ashlar.store.health;

import java.util.ArrayList;
import java.util.List;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

import dev.ashlar.store.boot.StoreNode;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.readiness.ReadyLatch;
import dev.ashlar.store.replica.Replicas;

/**
 * Ready to serve: not stopping, registered or started without coordinators, not broken, and it has become ready once ({@link ReadyLatch}).
 */
@Readiness
@ApplicationScoped
public class ReadyCheck implements HealthCheck {
    private static final int REASONS_MAX = 8;

    private final StoreNode node;
    private final Membership membership;
    private final ClusterMap map;
    private final Replicas replicas;
    private final ReadyLatch latch;

    @Inject
    ReadyCheck(StoreNode node, Membership membership, ClusterMap map, Replicas replicas, ReadyLatch latch) {
        this.node = node;
        this.membership = membership;
        this.map = map;
        this.replicas = replicas;
        this.latch = latch;
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
        if (!membership.registration().serves()) {
            reasons.add("not registered: " + membership.registration().problem());
        }
        if (!replicas.fault().isEmpty()) {
            reasons.add(replicas.fault());
        }
        if (reasons.isEmpty()) {
            reasons.addAll(latch.waitingFor());
        }
        return reasons;
    }
}
