package dev.ashlar.store.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/** Errors as {@code application/problem+json} (RFC 9457). */
public final class Problems {
    private static final String TYPE = "https://ashlar.dev/problems/";

    private Problems() {}

    /** The body. Also what a REST endpoint answers. */
    public static String body(ErrorCode code, String detail) {
        StringBuilder out = new StringBuilder(256);
        out.append("{\"type\":\"").append(TYPE).append(code.code()).append("\",\"title\":");
        JsonText.quote(out, code.title());
        out.append(",\"status\":").append(code.status()).append(",\"detail\":");
        JsonText.quote(out, detail);
        return out.append(",\"code\":\"").append(code.code()).append("\"}\n").toString();
    }

    /** Seconds for {@code Retry-After}, at least one; -1 for none. */
    public static long retryAfterS(ApiException problem) {
        boolean always =
                switch (problem.code()) {
                    case NO_LEADER, DRAINING, DISK_FULL, STALE, TOO_MANY_REQUESTS -> true;
                    default -> problem.retryAfterMs() >= 0;
                };
        return always ? Math.max(1, (problem.retryAfterMs() + 999) / 1000) : -1;
    }

    /** Answers with a problem; does nothing when the request has been answered. On the event loop of the request. */
    public static void send(HttpServerRequest request, ApiException problem) {
        send(request, problem, "");
    }

    /** The same; {@code members} are further members of the body, as JSON without braces, or empty. */
    static void send(HttpServerRequest request, ApiException problem, String members) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        String text = body(problem.code(), problem.getMessage());
        Buffer body = Buffer.buffer(
                members.isEmpty() ? text : text.substring(0, text.lastIndexOf('}')) + "," + members + "}\n");
        response.setStatusCode(problem.code().status());
        response.headers()
                .set(HttpHeaders.CONTENT_TYPE, Headers.PROBLEM_JSON)
                .set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        long retryAfterS = retryAfterS(problem);
        if (retryAfterS >= 0) {
            response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(retryAfterS));
        }
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(body);
        }
    }
}
