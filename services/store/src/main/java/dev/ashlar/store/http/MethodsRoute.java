package dev.ashlar.store.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * Refuses what is not a method of {@code /v1/cluster} like every other call does, 405 with {@code Allow} and a problem: the
 * framework, which serves it, would answer without either.
 */
@ApplicationScoped
public class MethodsRoute {
    void register(@Observes Router router) {
        router.route("/v1/cluster").order(Calls.ORDER).handler(routing -> {
            HttpMethod method = routing.request().method();
            if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
                routing.next();
                return;
            }
            routing.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            Problems.send(
                    routing.request(),
                    new ApiException(ErrorCode.METHOD_NOT_ALLOWED, method + " is not a method of this path"));
        });
    }
}
