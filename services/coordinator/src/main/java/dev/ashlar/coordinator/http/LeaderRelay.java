package dev.ashlar.coordinator.http;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import dev.ashlar.access.Access;
import dev.ashlar.access.HttpAnswer;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.coordinator.boot.CoordinatorNode;

/**
 * Answers what only the leading coordinator can answer, on any coordinator.
 *
 * <ol>
 *   <li>This one leads: it answers itself.
 *   <li>Another one does: the request goes there once, and its answer comes back unchanged.
 *   <li>Nobody is known to lead, the leader cannot be reached, or the request was sent on before: {@code no_leader}.
 *   <li>The leader got it but its answer is lost: {@code no_leader} for a read; {@code timeout} for a change, whose outcome
 *       is unknown.
 * </ol>
 */
@ApplicationScoped
public class LeaderRelay {
    private static final int CONNECT_TIMEOUT_MS = 1_500;
    private static final int TIMEOUT_MS = 12_000;
    private static final int RETRY_AFTER_MS = 1_000;

    /** What is asked of the leader. {@code authorization} is empty when the client sent none. */
    record Request(HttpMethod method, String uri, byte[] body, String authorization, String forwarded) {}

    private final CoordinatorNode node;
    private final Access access;
    private final HttpClient http;

    @Inject
    LeaderRelay(CoordinatorNode node, Vertx vertx, Access access) {
        this.node = node;
        this.access = access;
        this.http = access.client(
                vertx,
                new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS).setMaxPoolSize(8));
    }

    /** On an event loop. Fails with an {@link ApiException}. */
    CompletionStage<Response> answer(Request request, Supplier<CompletionStage<Response>> here) {
        Optional<CoordinatorNode.Running> running = node.running();
        if (running.isEmpty()) {
            throw noLeader("the coordinators' group is not formed yet: " + node.waitingFor());
        }
        if (running.get().group().leads()) {
            return here.get();
        }
        String own = node.status().orElseThrow().httpAddress();
        String leader = running.get()
                .group()
                .leader()
                .map(node::httpAddress)
                .filter(address -> !address.equals(own))
                .orElse("");
        if (!request.forwarded().isEmpty() || leader.isEmpty()) {
            throw noLeader("this coordinator does not lead the others");
        }
        return send(leader, request).toCompletionStage();
    }

    private Future<Response> send(String leader, Request request) {
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setAbsoluteURI("http://" + leader + request.uri())
                .putHeader(LeaderAnswer.FORWARDED, node.name())
                .setTimeout(TIMEOUT_MS);
        if (!request.authorization().isEmpty()) {
            options.putHeader(HttpHeaders.AUTHORIZATION, request.authorization());
        }
        if (request.body().length > 0) {
            options.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        }
        return access.request(http, options)
                .recover(unreachable -> Future.failedFuture(noLeader("the leading coordinator at " + leader
                        + " cannot be reached: " + unreachable.getMessage() + ". Nothing was changed")))
                .compose(open -> HttpAnswer.of(open, Buffer.buffer(request.body()))
                        .map(LeaderRelay::relayed)
                        .recover(lost -> Future.failedFuture(lost(leader, request, lost))));
    }

    private static Response relayed(HttpAnswer from) {
        Response.ResponseBuilder answer =
                Response.status(from.status()).entity(from.body().toString());
        copy(from, answer, HttpHeaders.CONTENT_TYPE);
        copy(from, answer, HttpHeaders.RETRY_AFTER);
        return answer.build();
    }

    private static void copy(HttpAnswer from, Response.ResponseBuilder to, String header) {
        String value = from.headers().get(header);
        if (value != null) {
            to.header(header, value);
        }
    }

    private static ApiException lost(String leader, Request request, Throwable lost) {
        String what = "the answer of the leading coordinator at " + leader + " is lost: " + lost.getMessage();
        return request.method().equals(HttpMethod.GET)
                ? noLeader(what)
                : new ApiException(ErrorCode.TIMEOUT, what + ". Whether it was done is not known", RETRY_AFTER_MS);
    }

    private static ApiException noLeader(String detail) {
        return new ApiException(ErrorCode.NO_LEADER, detail, RETRY_AFTER_MS);
    }
}
