package dev.ashlar.store.http;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.vertx.ext.web.Router;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/** What no other route takes, as a problem like every other error. */
@ApplicationScoped
public class NotFoundRoute {
    void register(@Observes Router router) {
        router.route()
                .order(Integer.MAX_VALUE)
                .handler(routing -> Problems.send(
                        routing.request(), new ApiException(ErrorCode.NOT_FOUND, "there is nothing at this address")));
    }
}
