package dev.ashlar.coordinator.http;

import java.util.Set;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import dev.ashlar.access.gate.Gate;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.query.QueryString;

/**
 * Behind the gate, in front of the framework, which is not strict about these things:
 *
 * <ol>
 *   <li>What is not a method of a path is refused, 405 with {@code Allow}. The framework names the methods of other paths
 *       too, or none, and knows nothing of the streams.
 *   <li>A parameter that a call does not know, that comes twice or is empty is refused, 400, as the stores do: a mistyped
 *       {@code limt=5} must not be taken for the default.
 * </ol>
 */
@ApplicationScoped
public class StrictRoute {
    private static final String READ = "GET, HEAD";
    private static final String STREAM = "GET";
    private static final String ORDER = "POST";

    private final ObjectMapper json;

    @Inject
    StrictRoute(ObjectMapper json) {
        this.json = json;
    }

    void register(@Observes Router router) {
        strict(router, "/v1/cluster", READ);
        strict(router, "/v1/events", READ, "after", "limit");
        strict(router, "/v1/gate", READ, "statefulset", "ordinal");
        strict(router, "/v1/events/stream", STREAM, "after");
        strict(router, "/v1/backup", STREAM);
        strict(router, "/v1/stores/:name/drain", ORDER);
        strict(router, "/v1/stores/:name/undrain", ORDER);
        strict(router, "/v1/stores/:name/decommission", ORDER);
        strict(router, "/v1/shards/:id/transfer", ORDER);
        strict(router, "/v1/finalize", ORDER);
    }

    /** Calls without parameters take any, which do nothing. */
    private void strict(Router router, String path, String methods, String... parameters) {
        Set<String> known = Set.of(parameters);
        router.route(path).order(Gate.ORDER + 1).handler(routing -> {
            HttpServerRequest request = routing.request();
            try {
                method(request, methods);
                if (!known.isEmpty()) {
                    parameters(request, known);
                }
            } catch (ApiException refused) {
                refuse(routing, refused);
                return;
            }
            routing.next();
        });
    }

    private static void method(HttpServerRequest request, String methods) {
        String method = request.method().name();
        if (!(", " + methods + ",").contains(", " + method + ",")) {
            request.response().putHeader(HttpHeaders.ALLOW, methods);
            throw new ApiException(ErrorCode.METHOD_NOT_ALLOWED, method + " is not a method of this path");
        }
    }

    private static void parameters(HttpServerRequest request, Set<String> known) {
        QueryString query = QueryString.parse(request.query(), known);
        for (String name : known) {
            if (query.has(name) && query.text(name).isEmpty()) {
                throw new ApiException(ErrorCode.INVALID_ARGUMENT, "parameter '" + name + "' is empty");
            }
        }
    }

    private void refuse(RoutingContext routing, ApiException refused) {
        try {
            routing.response()
                    .setStatusCode(refused.code().status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problems.MEDIA_TYPE)
                    .end(json.writeValueAsString(Problem.of(refused.code(), refused.getMessage())));
        } catch (JsonProcessingException impossible) {
            routing.fail(impossible);
        }
    }
}
