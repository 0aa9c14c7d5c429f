package dev.ashlar.store.http;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpMethod;

/** Requests by kind and outcome, and how long they took. All meters are made at the start; recording takes no lock. */
@Singleton
public class RequestMetrics {
    /** Kinds of request. */
    enum Kind {
        GET,
        PUT,
        DELETE,
        SCAN,
        OTHER;

        static Kind of(HttpMethod method) {
            return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)
                    ? GET
                    : method.equals(HttpMethod.PUT) ? PUT : method.equals(HttpMethod.DELETE) ? DELETE : OTHER;
        }
    }

    /** Outcomes, by what a client does next. */
    enum Outcome {
        OK,
        NOT_FOUND,
        PRECONDITION,
        REFUSED,
        THROTTLED,
        UNAVAILABLE,
        UNKNOWN,
        ERROR;

        static Outcome of(int status) {
            return switch (status) {
                case 404 -> NOT_FOUND;
                case 412 -> PRECONDITION;
                case 429 -> THROTTLED;
                case 503 -> UNAVAILABLE;
                case 504 -> UNKNOWN;
                default -> status < 400 ? OK : status < 500 ? REFUSED : ERROR;
            };
        }
    }

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final Map<Kind, Map<Outcome, Counter>> requests = new EnumMap<>(Kind.class);
    private final Map<Kind, Timer> latencies = new EnumMap<>(Kind.class);

    @Inject
    RequestMetrics(MeterRegistry registry) {
        for (Kind kind : Kind.values()) {
            Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);
            for (Outcome outcome : Outcome.values()) {
                counters.put(
                        outcome,
                        Counter.builder("ashlar_requests")
                                .description("Requests answered, by kind and outcome")
                                .tag("kind", kind.name().toLowerCase(java.util.Locale.ROOT))
                                .tag("outcome", outcome.name().toLowerCase(java.util.Locale.ROOT))
                                .register(registry));
            }
            requests.put(kind, counters);
            latencies.put(
                    kind,
                    Timer.builder("ashlar_request_latency")
                            .description("From the request line to the answer")
                            .tag("kind", kind.name().toLowerCase(java.util.Locale.ROOT))
                            .serviceLevelObjectives(BUCKETS)
                            .register(registry));
        }
    }

    void answered(HttpMethod method, int status, long nanos) {
        answered(Kind.of(method), status, nanos);
    }

    void answered(Kind kind, int status, long nanos) {
        requests.get(kind).get(Outcome.of(status)).increment();
        latencies.get(kind).record(nanos, java.util.concurrent.TimeUnit.NANOSECONDS);
    }
}
