package dev.ashlar.coordinator.http;

import java.util.Comparator;
import java.util.Optional;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.Router;
import org.jboss.logging.Logger;

import dev.ashlar.access.Access;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.coordinator.boot.CoordinatorNode;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * {@code GET /v1/backup}: what a store streams, passed on as it comes. Every store gives the whole backup; the first by name that
 * is up is asked. When the store breaks off, so does the answer, without the end that makes it a backup.
 */
@ApplicationScoped
public class BackupRoute {
    private static final Logger LOG = Logger.getLogger(BackupRoute.class);
    private static final int CONNECT_TIMEOUT_MS = 2_000;

    private final CoordinatorNode node;
    private final Access access;
    private final ObjectMapper json;
    private final HttpClient http;

    @Inject
    BackupRoute(CoordinatorNode node, Vertx vertx, ObjectMapper json, Access access) {
        this.node = node;
        this.access = access;
        this.json = json;
        this.http = access.client(
                vertx,
                new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS).setKeepAlive(false));
    }

    void register(@Observes Router router) {
        router.get("/v1/backup").handler(routing -> pass(routing.request()));
    }

    private void pass(HttpServerRequest request) {
        Optional<String> store = store();
        if (store.isEmpty()) {
            refuse(request, "no store is up that could give a backup");
            return;
        }
        String address = store.get();
        int colon = address.lastIndexOf(':');
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(address.substring(0, colon))
                .setPort(Integer.parseInt(address, colon + 1, address.length(), 10))
                .setURI("/v1/backup");
        // The gate has seen an administrator; the store is shown that a process of the cluster asks.
        access.request(http, options)
                .compose(asked -> asked.send())
                .onSuccess(answer -> relay(answer, request))
                .onFailure(failed ->
                        refuse(request, "the store at " + store.get() + " does not answer: " + failed.getMessage()));
    }

    private static void relay(HttpClientResponse from, HttpServerRequest request) {
        HttpServerResponse to = request.response();
        to.setStatusCode(from.statusCode()).setChunked(true);
        for (CharSequence name :
                new CharSequence[] {HttpHeaders.CONTENT_TYPE, HttpHeaders.RETRY_AFTER, "Ashlar-Served-By"}) {
            String value = from.getHeader(name);
            if (value != null) {
                to.putHeader(name, value);
            }
        }
        from.pipe().endOnFailure(false).to(to).onFailure(broken -> {
            LOG.warnf("a backup broke off: %s", broken.getMessage());
            request.connection().close();
        });
    }

    private Optional<String> store() {
        return node.running().stream()
                .flatMap(running -> running.group().state().presentStores().stream())
                .filter(store -> store.presence() == Presence.UP)
                .min(Comparator.comparing(store -> store.id().name()))
                .map(StoreRecord::httpAddress);
    }

    private void refuse(HttpServerRequest request, String why) {
        HttpServerResponse response = request.response();
        if (response.headWritten() || response.ended()) {
            request.connection().close();
            return;
        }
        try {
            response.setStatusCode(ErrorCode.NO_LEADER.status())
                    .setChunked(false)
                    .putHeader(HttpHeaders.CONTENT_TYPE, Problems.MEDIA_TYPE)
                    .putHeader(HttpHeaders.RETRY_AFTER, "1")
                    .end(json.writeValueAsString(Problem.of(ErrorCode.NO_LEADER, why)));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
