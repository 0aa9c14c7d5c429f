package dev.ashlar.coordinator.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

import dev.ashlar.coordinator.boot.CoordinatorNode;

/** It knows a leader of the group, is caught up with it, and votes. */
@Readiness
@ApplicationScoped
public class ReadyCheck implements HealthCheck {
    private final CoordinatorNode node;

    @Inject
    ReadyCheck(CoordinatorNode node) {
        this.node = node;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("follows-a-leader")
                .status(node.running()
                        .filter(CaughtUp::isCaughtUp)
                        .filter(CaughtUp::votes)
                        .isPresent())
                .withData("votes", node.running().filter(CaughtUp::votes).isPresent())
                .withData(
                        "leader",
                        node.running().flatMap(r -> r.group().leader()).orElse(""))
                .build();
    }
}
