package dev.ashlar.store.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.membership.Registration;
import dev.ashlar.store.replica.Replicas;

/** Started = registered, or started without coordinators, and the log has been replayed into the replicas. */
@Startup
@ApplicationScoped
public class StartedCheck implements HealthCheck {
    private final Membership membership;
    private final Replicas replicas;

    @Inject
    StartedCheck(Membership membership, Replicas replicas) {
        this.membership = membership;
        this.replicas = replicas;
    }

    @Override
    public HealthCheckResponse call() {
        Registration registration = membership.registration();
        return HealthCheckResponse.named("started")
                .status(registration.serves() && replicas.open())
                .withData("registered", registration.registered())
                .withData("alone", registration.alone())
                .withData("incarnation", registration.incarnation())
                .withData("coordinator", registration.coordinator())
                .withData("problem", registration.problem())
                .build();
    }
}
