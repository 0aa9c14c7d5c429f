package dev.ashlar.coordinator.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import dev.ashlar.common.error.ErrorCode;

/** What no other route takes, as a problem like every other error. */
@ApplicationScoped
public class NotFoundRoute {
    private final ObjectMapper json;

    @Inject
    NotFoundRoute(ObjectMapper json) {
        this.json = json;
    }

    void register(@Observes Router router) {
        router.route().order(Integer.MAX_VALUE).handler(this::answer);
    }

    private void answer(RoutingContext routing) {
        try {
            routing.response()
                    .setStatusCode(ErrorCode.NOT_FOUND.status())
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problems.MEDIA_TYPE)
                    .end(json.writeValueAsString(Problem.of(ErrorCode.NOT_FOUND, "there is nothing at this address")));
        } catch (JsonProcessingException impossible) {
            routing.fail(impossible);
        }
    }
}
