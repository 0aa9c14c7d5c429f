package dev.ashlar.store.health;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.replica.Replicas;

/** Live = the engine has not stopped by a fault, and no newer process of this name has fenced this one. */
@Liveness
@ApplicationScoped
public class LiveCheck implements HealthCheck {
    private final Replicas replicas;
    private final Membership membership;

    @Inject
    LiveCheck(Replicas replicas, Membership membership) {
        this.replicas = replicas;
        this.membership = membership;
    }

    @Override
    public HealthCheckResponse call() {
        String fault = replicas.fault();
        boolean fenced = membership.registration().fenced();
        return HealthCheckResponse.named("live")
                .status(fault.isEmpty() && !fenced)
                .withData("fault", fault)
                .withData("fenced", fenced)
                .build();
    }
}
