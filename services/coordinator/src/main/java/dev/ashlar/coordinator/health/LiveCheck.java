package dev.ashlar.coordinator.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

import dev.ashlar.coordinator.boot.CoordinatorNode;

/** The engine has not stopped by a fault. Waiting for other coordinators is no reason to be restarted. */
@Liveness
@ApplicationScoped
public class LiveCheck implements HealthCheck {
    private final CoordinatorNode node;

    @Inject
    LiveCheck(CoordinatorNode node) {
        this.node = node;
    }

    @Override
    public HealthCheckResponse call() {
        String fault = node.running().map(running -> running.group().fault()).orElse("");
        return HealthCheckResponse.named("engine")
                .status(fault.isEmpty())
                .withData("fault", fault)
                .build();
    }
}
