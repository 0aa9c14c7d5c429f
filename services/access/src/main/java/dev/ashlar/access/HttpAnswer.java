package dev.ashlar.access;

import java.util.concurrent.TimeUnit;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;

/**
 * What another process answered, with the whole body.
 *
 * <p>The body of an answer must be asked for before the event loop has read it, or it is waited for without end. So request,
 * answer and body are bound to each other on the event loop: the thread that asks may be any, and may be slow. A body that
 * stops half way, as when the other machine is gone, fails after {@link #BODY_TIMEOUT_MS}: the timeout of a request is for
 * the head of its answer.
 */
public record HttpAnswer(int status, MultiMap headers, Buffer body) {
    /** How long the body of an answer may take after its head, in milliseconds. */
    static final long BODY_TIMEOUT_MS = 10_000;

    /**
     * Sends a request and reads the answer. Any thread.
     *
     * @param request as {@link io.vertx.core.http.HttpClient#request} gives it, which completes on an event loop
     * @param body empty for none
     */
    public static Future<HttpAnswer> of(Future<HttpClientRequest> request, Buffer body) {
        return of(request, body, BODY_TIMEOUT_MS);
    }

    static Future<HttpAnswer> of(Future<HttpClientRequest> request, Buffer body, long bodyTimeoutMs) {
        return request.compose(open -> of(open, body, bodyTimeoutMs));
    }

    /** As the other one, on the event loop of the request. */
    public static Future<HttpAnswer> of(HttpClientRequest open, Buffer body) {
        return of(open, body, BODY_TIMEOUT_MS);
    }

    private static Future<HttpAnswer> of(HttpClientRequest open, Buffer body, long bodyTimeoutMs) {
        return (body.length() == 0 ? open.send() : open.send(body)).compose(answer -> answer.body()
                .timeout(bodyTimeoutMs, TimeUnit.MILLISECONDS)
                .onFailure(late -> open.reset())
                .map(bytes -> new HttpAnswer(answer.statusCode(), answer.headers(), bytes)));
    }
}
