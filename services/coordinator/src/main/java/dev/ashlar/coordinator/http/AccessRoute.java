package dev.ashlar.coordinator.http;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import dev.ashlar.access.Access;
import dev.ashlar.access.gate.Gate;
import dev.ashlar.access.gate.RuleTable;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.coordinator.boot.CoordinatorConfig;

/** Puts the gate in front of all routes of the coordinator, and says what they need. */
@Singleton
public class AccessRoute {
    /**
     * What each route needs. A route that does not stand here needs an administrator. The pages of the dashboard need no
     * token: they hold nothing of the cluster, which they ask for like every other client.
     */
    public static final RuleTable RULES = RuleTable.of(raw -> raw, query -> "")
            .nothing("GET HEAD", "/")
            .nothing("GET HEAD", "/index.html")
            .anyToken("GET HEAD", "/v1/cluster")
            .anyToken("GET HEAD", "/v1/events")
            .anyToken("GET HEAD", "/v1/events/stream")
            .anyToken("GET HEAD", "/v1/gate")
            .admin("POST", "/v1/stores/{order}")
            .admin("POST", "/v1/shards/{order}")
            .admin("POST", "/v1/finalize")
            .admin("GET HEAD", "/v1/backup")
            .peer("GET HEAD POST PUT DELETE", "/internal/{call}")
            .build();

    private final Access access;
    private final MeterRegistry metrics;
    private final ObjectMapper json;

    @Inject
    AccessRoute(Access access, MeterRegistry metrics, ObjectMapper json) {
        this.access = access;
        this.metrics = metrics;
        this.json = json;
    }

    void register(@Observes Router router) {
        Gate gate = access.gate(RULES, this::refuse);
        router.route().order(Gate.ORDER).handler(gate::handle);
        count("unauthenticated", gate, Gate::unauthenticated);
        count("forbidden", gate, Gate::forbidden);
        count("slowed", gate, Gate::slowed);
    }

    private void count(String reason, Gate gate, java.util.function.ToDoubleFunction<Gate> count) {
        FunctionCounter.builder("ashlar_access_refused", gate, count)
                .description("Requests refused by the gate, by reason")
                .tag("reason", reason)
                .register(metrics);
    }

    private void refuse(HttpServerRequest request, ApiException problem) {
        HttpServerResponse response =
                request.response().setStatusCode(problem.code().status());
        response.putHeader(HttpHeaders.CONTENT_TYPE, Problems.MEDIA_TYPE);
        if (problem.retryAfterMs() >= 0) {
            response.putHeader(
                    HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, (problem.retryAfterMs() + 999) / 1_000)));
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
            return;
        }
        try {
            response.end(json.writeValueAsString(Problem.of(problem.code(), problem.getMessage())));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The settings of the coordinator as {@link Access}. */
    @Singleton
    static class Setting {
        @Produces
        @Singleton
        Access access(CoordinatorConfig config, @ConfigProperty(name = "quarkus.http.host") String httpHost) {
            return Access.of(config.auth(), config.authTokensFile(), config.authPeerTokenFile(), httpHost)
                    .withCertificates(config.tlsDir());
        }

        void close(@Disposes Access access) {
            access.close();
        }
    }
}
