package dev.ashlar.store.membership;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import dev.ashlar.access.Access;
import dev.ashlar.access.HttpAnswer;

/**
 * Calls the coordinator that leads.
 *
 * <ol>
 *   <li>Try the one that answered last, then every one that is known.
 *   <li>One that answers 503 and names the leader in {@code Ashlar-Leader} puts that one first in the line.
 *   <li>Whoever answers 200 is tried first next time.
 * </ol>
 *
 * <p>Blocks; for the membership thread.
 */
final class CoordinatorClient {
    private static final long CALL_TIMEOUT_MS = 3_000;
    private static final int CONNECT_TIMEOUT_MS = 1_000;
    private static final int TRIES_MAX = 16;
    private static final int CONFLICT = 409;
    private static final int SERVER_ERRORS = 500;
    private static final Set<Integer> REFUSALS = Set.of(400, 404, CONFLICT);

    /** Nobody could do it; the message says what each coordinator answered. */
    static final class UnreachableException extends Exception {
        private static final long serialVersionUID = 1;

        private final boolean refused;
        private final boolean nobodyThere;

        UnreachableException(String message, boolean refused, boolean nobodyThere) {
            super(message, null, false, false);
            this.refused = refused;
            this.nobodyThere = nobodyThere;
        }

        /** Whether none of them answered at all, or only that it cannot now, as without a leader. */
        boolean isNobodyThere() {
            return nobodyThere;
        }

        /** Whether one of them understood and said no: asking again gives the same answer. */
        boolean isRefused() {
            return refused;
        }
    }

    private record Reply(int status, String leader, Buffer body) {}

    private final HttpClient http;
    private final CoordinatorAddresses addresses;
    private final ObjectMapper json;
    private final Access access;
    private String last = "";

    CoordinatorClient(Vertx vertx, CoordinatorAddresses addresses, ObjectMapper json, Access access) {
        this.http = access.client(
                vertx,
                new HttpClientOptions()
                        .setConnectTimeout(CONNECT_TIMEOUT_MS)
                        .setMaxPoolSize(2)
                        .setKeepAliveTimeout(20));
        this.addresses = addresses;
        this.json = json;
        this.access = access;
    }

    /** The coordinator that answered last, empty when none has. */
    String last() {
        return last;
    }

    <T> T post(String path, Object request, Class<T> answer) throws UnreachableException, InterruptedException {
        Buffer body = encode(request);
        List<String> line = new ArrayList<>();
        if (!last.isEmpty()) {
            line.add(last);
        }
        boolean resolved = false;
        Set<String> tried = new LinkedHashSet<>();
        List<String> refusals = new ArrayList<>();
        boolean refused = false;
        boolean nobodyThere = true;
        while (tried.size() < TRIES_MAX) {
            if (line.isEmpty() && !resolved) {
                resolved = true;
                line.addAll(addresses.find());
                continue;
            }
            if (line.isEmpty()) {
                break;
            }
            String base = line.removeFirst();
            if (!tried.add(base)) {
                continue;
            }
            try {
                Reply reply = call(base + path, body);
                if (reply.status() == 200) {
                    T value = json.readValue(reply.body().getBytes(), answer);
                    last = base;
                    return value;
                }
                refused |= REFUSALS.contains(reply.status());
                nobodyThere &= reply.status() >= SERVER_ERRORS;
                refusals.add(
                        reply.status() == CONFLICT
                                ? base + " refuses: " + detail(reply)
                                : base + " answered " + reply.status());
                if (!reply.leader().isEmpty()) {
                    line.addFirst(reply.leader());
                }
            } catch (ExecutionException | TimeoutException e) {
                refusals.add(base + ": " + reason(e));
            } catch (java.io.IOException e) {
                refusals.add(base + ": not a valid answer");
            }
        }
        last = "";
        throw new UnreachableException(
                refusals.isEmpty() ? "no coordinator was found" : String.join("; ", refusals), refused, nobodyThere);
    }

    private Reply call(String url, Buffer body) throws ExecutionException, TimeoutException, InterruptedException {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(url)
                .setTimeout(CALL_TIMEOUT_MS)
                .putHeader("Content-Type", "application/json");
        return access.exchange(http, options, body)
                .map(CoordinatorClient::reply)
                .toCompletionStage()
                .toCompletableFuture()
                .get(CALL_TIMEOUT_MS + CONNECT_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    }

    private static Reply reply(HttpAnswer answer) {
        String leader = answer.headers().get("Ashlar-Leader");
        return new Reply(answer.status(), leader == null ? "" : leader.replaceFirst("/$", ""), answer.body());
    }

    private String detail(Reply reply) throws java.io.IOException {
        return json.readTree(reply.body().getBytes()).path("detail").asText();
    }

    private Buffer encode(Object request) {
        try {
            return Buffer.buffer(json.writeValueAsBytes(request));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a request cannot be encoded: " + request, e);
        }
    }

    private static String reason(Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
