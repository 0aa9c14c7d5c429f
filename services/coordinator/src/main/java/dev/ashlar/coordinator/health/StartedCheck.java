package dev.ashlar.coordinator.health;

import java.util.concurrent.atomic.AtomicBoolean;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

import dev.ashlar.coordinator.boot.CoordinatorNode;

/** The group is formed, and the log is replayed. Once true, it stays so. */
@Startup
@ApplicationScoped
public class StartedCheck implements HealthCheck {
    private final CoordinatorNode node;
    private final AtomicBoolean started = new AtomicBoolean();

    @Inject
    StartedCheck(CoordinatorNode node) {
        this.node = node;
    }

    @Override
    public HealthCheckResponse call() {
        if (!started.get() && node.running().filter(CaughtUp::isCaughtUp).isPresent()) {
            started.set(true);
        }
        return HealthCheckResponse.named("group-formed")
                .status(started.get())
                .withData("waiting_for", started.get() ? "" : node.waitingFor())
                .build();
    }
}
