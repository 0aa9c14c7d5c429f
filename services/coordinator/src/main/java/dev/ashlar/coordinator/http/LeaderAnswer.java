package dev.ashlar.coordinator.http;

import java.util.Optional;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import dev.ashlar.access.Access;
import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.coordinator.boot.CoordinatorNode;

/**
 * Asks the coordinator that leads for its view of the cluster. A request that was forwarded once is never forwarded again.
 */
@ApplicationScoped
public class LeaderAnswer {
    static final String FORWARDED = "Ashlar-Forwarded";

    private static final int TIMEOUT_MS = 1_500;

    private final CoordinatorNode node;
    private final ObjectMapper json;
    private final Access access;
    private final HttpClient http;

    @Inject
    LeaderAnswer(CoordinatorNode node, Vertx vertx, ObjectMapper json, Access access) {
        this.node = node;
        this.json = json;
        this.access = access;
        this.http = access.client(
                vertx, new HttpClientOptions().setConnectTimeout(TIMEOUT_MS).setMaxPoolSize(4));
    }

    /** The leader's answer; empty when this coordinator leads, when the leader is unknown or does not answer. Never fails. */
    Future<Optional<ClusterView>> ask(String forwarded) {
        String leader = node.running()
                .filter(running -> forwarded.isEmpty() && !running.group().leads())
                .flatMap(running -> running.group().leader())
                .map(node::httpAddress)
                .filter(address -> !address.equals(node.status().orElseThrow().httpAddress()))
                .orElse("");
        if (leader.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI("http://" + leader + "/v1/cluster")
                .putHeader(FORWARDED, node.name())
                .setTimeout(TIMEOUT_MS);
        return access.exchange(http, options, Buffer.buffer())
                .map(answer -> answer.status() == 200 ? parse(answer.body()) : Optional.<ClusterView>empty())
                .otherwise(silent -> Optional.empty());
    }

    private Optional<ClusterView> parse(Buffer body) {
        try {
            return Optional.of(json.readValue(body.getBytes(), ClusterView.class));
        } catch (java.io.IOException stranger) {
            return Optional.empty();
        }
    }
}
