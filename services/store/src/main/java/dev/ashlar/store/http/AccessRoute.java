package dev.ashlar.store.http;

import java.util.Optional;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import dev.ashlar.access.Access;
import dev.ashlar.access.gate.Gate;
import dev.ashlar.access.gate.RuleTable;
import dev.ashlar.access.load.Admission;
import dev.ashlar.access.load.ConcurrencyLimit;
import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.query.Durations;
import dev.ashlar.common.query.PercentDecoder;
import dev.ashlar.common.query.QueryString;
import dev.ashlar.store.boot.StoreConfig;

/** Puts the gate in front of all routes of the store, and says what they need. */
@Singleton
public class AccessRoute {
    /**
     * What each route needs. A route that does not stand here needs an administrator. Keys and prefixes are decoded as the
     * routes decode them, so that both speak of the same.
     */
    public static final RuleTable RULES = RuleTable.of(AccessRoute::key, AccessRoute::prefix)
            .readKey("GET HEAD", "/v1/kv/{key}")
            .writeKey("PUT DELETE", "/v1/kv/{key}")
            .readRange("GET HEAD", "/v1/kv")
            .writeRange("DELETE", "/v1/kv")
            .readRange("GET", "/v1/watch")
            .readKey("GET HEAD", "/v1/locks/{name}")
            .writeKey("POST DELETE", "/v1/locks/{name}")
            .anyToken("GET HEAD", "/v1/cluster")
            // Their keys stand in the body: they check each of them with Gate.require.
            .anyToken("POST", "/v1/txn")
            .anyToken("POST", "/v1/batch")
            .admin("GET HEAD", "/v1/backup")
            .peer("GET HEAD POST PUT DELETE", "/internal/{call}")
            .build();

    private final Gate gate;
    private final StoreConfig config;
    private final MeterRegistry metrics;

    @Inject
    AccessRoute(Access access, StoreConfig config, MeterRegistry metrics) {
        this.gate = access.gate(RULES, Problems::send);
        this.config = config;
        this.metrics = metrics;
    }

    void register(@Observes Router router) {
        router.route().order(Gate.ORDER).handler(gate::handle);
        ConcurrencyLimit limit = new ConcurrencyLimit(
                Limits.CONCURRENCY_MIN, config.concurrencyMax(), config.concurrencyTargetMs() * 1_000_000);
        Admission admission = new Admission(limit, AccessRoute::isShort, Headers.FORWARDED.toString(), Problems::send);
        router.route().order(Admission.ORDER).handler(admission::handle);
        Gauge.builder("ashlar_concurrency_limit", limit, ConcurrencyLimit::limit)
                .description("Requests for keys that may be under way at this moment")
                .register(metrics);
        Gauge.builder("ashlar_concurrency", limit, ConcurrencyLimit::inFlight)
                .description("Requests for keys that are under way")
                .register(metrics);
        FunctionCounter.builder("ashlar_overload_refused", admission, Admission::refused)
                .description("Requests refused since too many were under way")
                .register(metrics);
        count("unauthenticated", gate, Gate::unauthenticated);
        count("forbidden", gate, Gate::forbidden);
        count("slowed", gate, Gate::slowed);
    }

    /** Why a request that has passed, and whose answer lasts, would be refused now. See {@link Gate#refusalNow}. */
    public Optional<ApiException> refusalNow(HttpServerRequest request, String path) {
        return gate.refusalNow(request, path);
    }

    private void count(String reason, Gate gate, java.util.function.ToDoubleFunction<Gate> count) {
        FunctionCounter.builder("ashlar_access_refused", gate, count)
                .description("Requests refused by the gate, by reason")
                .tag("reason", reason)
                .register(metrics);
    }

    private static boolean isShort(HttpServerRequest request) {
        return isShort(request.path(), request.query(), request.getHeader(HttpHeaders.CONTENT_TYPE));
    }

    /**
     * Requests for keys that are meant to end soon. Those that wait for a change and batches that are streamed are not; they
     * have bounds of their own. Each argument may be null.
     */
    static boolean isShort(String path, String query, String contentType) {
        if (path == null) {
            return false;
        }
        if (path.startsWith("/v1/kv/")) {
            return !waits(query);
        }
        return path.startsWith("/v1/txn")
                || (path.startsWith("/v1/batch")
                        && (contentType == null || !contentType.startsWith("application/x-ndjson")));
    }

    /** Whether a read waits for a change: by the parameter as the route decodes it, and only when it waits for any time. */
    private static boolean waits(String query) {
        // The text alone decides for nearly all requests; only a parameter with an escape needs to be decoded.
        if (query == null || (query.indexOf('%') < 0 && !query.contains("wait"))) {
            return false;
        }
        try {
            String wait = QueryString.find(query, "wait");
            return !wait.isEmpty() && Durations.parseMs("parameter 'wait'", wait, 0, Limits.WAIT_MS_MAX) > 0;
        } catch (ApiException invalid) {
            // Refused in a moment, by the route.
            return false;
        }
    }

    private static String key(String raw) {
        return PercentDecoder.decode(raw, false, "the key");
    }

    private static String prefix(String query) {
        String prefix = QueryString.find(query, "prefix");
        return prefix.isEmpty() ? QueryString.find(query, "key") : prefix;
    }

    /** The settings of the store as {@link Access}. */
    @Singleton
    static class Setting {
        @Produces
        @Singleton
        Access access(StoreConfig config, @ConfigProperty(name = "quarkus.http.host") String httpHost) {
            return Access.of(config.auth(), config.authTokensFile(), config.authPeerTokenFile(), httpHost)
                    .withCertificates(config.tlsDir());
        }

        void close(@Disposes Access access) {
            access.close();
        }
    }
}
