package dev.ashlar.access;

import java.lang.reflect.Proxy;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A thread that is so slow that the whole answer is there before it takes its next step. */
class HttpAnswerTest {
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private HttpClient client;
    private RequestOptions request;

    @BeforeEach
    void serve() throws Exception {
        HttpServer server = get(
                vertx.createHttpServer().requestHandler(HttpAnswerTest::answer).listen(0, "127.0.0.1"), 30);
        client = vertx.createHttpClient();
        request = new RequestOptions().setAbsoluteURI("http://127.0.0.1:" + server.actualPort() + "/");
    }

    @AfterEach
    void close() throws Exception {
        get(vertx.close(), 30);
    }

    @Test
    void theAnswerIsNotMissed() throws Exception {
        HttpAnswer answer = get(HttpAnswer.of(slow(client.request(request)), Buffer.buffer()), 30);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).hasToString("short");
    }

    /** The control: steps that the slow thread binds one by one. */
    @Test
    void boundOneByOneItIsMissed() {
        assertThatThrownBy(() -> slow(client.request(request))
                        .compose(HttpClientRequest::send)
                        .compose(HttpClientResponse::body))
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void aBodyThatStopsHalfWayEndsAndItsConnectionIsGivenBack() throws Exception {
        client = vertx.createHttpClient(new HttpClientOptions().setMaxPoolSize(1));
        RequestOptions half = new RequestOptions(request).setURI("/half");
        assertThatThrownBy(() -> get(HttpAnswer.of(client.request(half), Buffer.buffer(), 200), 30))
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(get(HttpAnswer.of(client.request(request), Buffer.buffer()), 30)
                        .status())
                .isEqualTo(200);
    }

    private static void answer(HttpServerRequest asked) {
        if (asked.path().equals("/half")) {
            asked.response().putHeader("Content-Length", "10").write("half");
        } else {
            asked.response().end("short");
        }
    }

    /** Goes on from {@code compose} only when its result is there, and the loop has gone past it; fails when it does not come. */
    @SuppressWarnings("unchecked")
    private <T> Future<T> slow(Future<T> future) {
        return (Future<T>) Proxy.newProxyInstance(
                Future.class.getClassLoader(), new Class<?>[] {Future.class}, (proxy, method, arguments) -> {
                    Object result = method.invoke(future, arguments);
                    if (!method.getName().equals("compose")) {
                        return result;
                    }
                    Future<?> next = (Future<?>) result;
                    Promise<Void> settled = Promise.promise();
                    next.onComplete(done -> vertx.runOnContext(later -> settled.complete()));
                    settled.future().toCompletionStage().toCompletableFuture().get(2, TimeUnit.SECONDS);
                    return slow(next);
                });
    }

    private static <T> T get(Future<T> future, int seconds) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    }
}
