package dev.ashlar.store.forward;

import java.util.function.Consumer;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import dev.ashlar.access.Access;
import dev.ashlar.common.Limits;

/**
 * Sends requests to other stores.
 *
 * <ol>
 *   <li>Every event loop has a client and connections of its own, so that a request and its answer never change threads.
 *   <li>One request at a time per connection: a server answers pipelined requests one after the other, and writes that wait
 *       for each other's fsync would undo the batching.
 *   <li>{@code NotSent} is only said when no byte can have left; everything later is {@code Lost}: also an answer that has not
 *       come a second after another store has become the leader ({@link AwaitedAnswers}).
 * </ol>
 *
 * <p>To be called on an event loop; the callback comes on the same one, exactly once.
 */
@Singleton
public class Forwarder {
    private static final int CONNECTIONS_PER_STORE_MAX = 512;
    private static final int WAITING_PER_STORE_MAX = 4_096;
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    // Shorter than the idle timeout of the server, so that a connection is never used while its other end closes it.
    private static final int KEEP_ALIVE_S = 60;
    private static final long ANSWER_TIMEOUT_MS = Limits.WRITE_TIMEOUT_MS + 1_000;

    private final Vertx vertx;
    private final Access access;
    private final Leaders leaders;
    private final ThreadLocal<HttpClient> clients = ThreadLocal.withInitial(this::client);
    private final ThreadLocal<AwaitedAnswers> answers = ThreadLocal.withInitial(this::answers);

    @Inject
    Forwarder(Vertx vertx, Access access, Leaders leaders) {
        this.vertx = vertx;
        this.access = access;
        this.leaders = leaders;
    }

    /**
     * Sends it, and tells what became of it.
     *
     * @param shard whose leader is to answer
     * @param address its {@code host:port}
     * @param uri path and query as they came
     * @param body null for none
     */
    public void send(
            int shard,
            String address,
            HttpMethod method,
            String uri,
            MultiMap headers,
            Buffer body,
            Consumer<Forwarded> result) {
        access.sign(headers);
        int colon = address.lastIndexOf(':');
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost(address.substring(0, colon))
                .setPort(Integer.parseInt(address, colon + 1, address.length(), 10))
                .setURI(uri)
                .setConnectTimeout(CONNECT_TIMEOUT_MS)
                .setIdleTimeout(ANSWER_TIMEOUT_MS);
        access.request(clients.get(), options).onComplete(connected -> {
            if (connected.failed()) {
                result.accept(new Forwarded.NotSent(reason(connected.cause())));
                return;
            }
            HttpClientRequest request = connected.result();
            request.headers().addAll(headers);
            AwaitedAnswers waiting = answers.get();
            AwaitedAnswers.Awaited awaited = waiting.add(request, shard, address);
            (body == null ? request.send() : request.send(body))
                    .compose(response -> response.body().map(bytes -> answered(response, bytes)))
                    .onComplete(answer -> {
                        waiting.done(awaited);
                        result.accept(
                                answer.succeeded() ? answer.result() : new Forwarded.Lost(reason(answer.cause())));
                    });
        });
    }

    private AwaitedAnswers answers() {
        return new AwaitedAnswers(vertx, leaders);
    }

    private static Forwarded answered(HttpClientResponse response, Buffer body) {
        return new Forwarded.Answered(response.statusCode(), response.headers(), body);
    }

    private HttpClient client() {
        return access.client(
                vertx,
                new HttpClientOptions()
                        .setMaxPoolSize(CONNECTIONS_PER_STORE_MAX)
                        .setMaxWaitQueueSize(WAITING_PER_STORE_MAX)
                        .setConnectTimeout(CONNECT_TIMEOUT_MS)
                        .setKeepAlive(true)
                        .setKeepAliveTimeout(KEEP_ALIVE_S)
                        .setTcpNoDelay(true)
                        .setDecompressionSupported(false));
    }

    private static String reason(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
