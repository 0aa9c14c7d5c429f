package dev.ashlar.access;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;

/**
 * What another process answered, with the whole body.
 *
 * <p>The body of an answer must be asked for before the event loop has read it, or it is waited for without end. So request,
 * answer and body are bound to each other on the event loop: the thread that asks may be any, and may be slow.
 */
public record HttpAnswer(int status, MultiMap headers, Buffer body) {
    /**
     * Sends a request and reads the answer.
     *
     * @param request as {@link io.vertx.core.http.HttpClient#request} gives it, which completes on an event loop
     * @param body empty for none
     */
    public static Future<HttpAnswer> of(Future<HttpClientRequest> request, Buffer body) {
        return request.compose(
                open -> (body.length() == 0 ? open.send() : open.send(body)).compose(answer -> answer.body()
                        .map(bytes -> new HttpAnswer(answer.statusCode(), answer.headers(), bytes))));
    }
}
