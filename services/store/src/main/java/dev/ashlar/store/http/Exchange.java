package dev.ashlar.store.http;

import java.util.Optional;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

import dev.ashlar.access.gate.Gate;
import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.kv.Fence;

/**
 * One request for a key, on its way to exactly one answer: whoever comes second (a result after its deadline, a deadline
 * after the client went away) finds it answered and does nothing. On the event loop of its connection; only
 * {@link #onLoop} may be called from elsewhere.
 */
final class Exchange extends Deadlines.Entry {
    private static final long LEADER_LOOK_MS_MIN = 10;
    private static final long LEADER_LOOK_MS_MAX = 250;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Context context;
    private final RequestMetrics metrics;
    private final long startNanos;
    private final String key;
    private final int shard;
    private Optional<WaitingRead> waiting = Optional.empty();
    private boolean answered;
    private boolean sentElsewhere;

    Exchange(
            HttpServerRequest request,
            Context context,
            RequestMetrics metrics,
            long startNanos,
            String key,
            int shard) {
        this.request = request;
        this.response = request.response();
        this.context = context;
        this.metrics = metrics;
        this.startNanos = startNanos;
        this.key = key;
        this.shard = shard;
    }

    HttpServerRequest request() {
        return request;
    }

    HttpMethod method() {
        return request.method();
    }

    boolean isWrite() {
        return method().equals(HttpMethod.PUT) || method().equals(HttpMethod.DELETE);
    }

    String key() {
        return key;
    }

    int shard() {
        return shard;
    }

    /**
     * Whether another store sent it: then it must be answered here. The word of a client is not taken for it; while no
     * tokens are asked for, everybody's is.
     */
    boolean isForwarded() {
        return request.headers().contains(Headers.FORWARDED) && Gate.isPeer(request);
    }

    Optional<String> idempotencyKey() {
        return Optional.ofNullable(request.getHeader(Headers.IDEMPOTENCY_KEY));
    }

    /** The lock that the writer says it holds; throws when its header is not valid. */
    Optional<Fence> fence() {
        return Optional.ofNullable(request.getHeader(Headers.FENCING)).map(Fence::parse);
    }

    /** Runs on the event loop of the connection. From any thread. */
    void onLoop(Runnable task) {
        context.runOnContext(now -> task.run());
    }

    boolean isAnswered() {
        return answered;
    }

    /** The same request once more, for a read that waited. */
    Exchange again() {
        return new Exchange(request, context, metrics, startNanos, key, shard);
    }

    void waits(WaitingRead read) {
        waiting = Optional.of(read);
    }

    /** Whether the answer is held back since it would tell a waiting client nothing new; it is over then. */
    boolean parks(int status) {
        if (answered || waiting.isEmpty() || !waiting.get().parks(status)) {
            return false;
        }
        answered = true;
        done();
        return true;
    }

    /** Notes that a write has left for the log or another store: from now on its outcome may be unknown. */
    void markSent() {
        sentElsewhere = true;
    }

    /** Notes that what left was turned away, and nothing was changed. */
    void markTurnedAway() {
        sentElsewhere = false;
    }

    /**
     * Runs a task on the event loop after a pause that grows from try to try, unless the request has waited for a leader as
     * long as it may.
     *
     * @return false when there is no time left; then nothing will run
     */
    boolean waitsForLeader(Runnable again) {
        long waitedMs = (System.nanoTime() - startNanos) / 1_000_000;
        if (waitedMs >= Limits.LEADER_WAIT_MS) {
            return false;
        }
        long pauseMs = Math.clamp(waitedMs / 2, LEADER_LOOK_MS_MIN, LEADER_LOOK_MS_MAX);
        context.owner().setTimer(pauseMs, timer -> {
            if (!answered) {
                again.run();
            }
        });
        return true;
    }

    /** Takes the right to answer. False when somebody has, or nobody waits any more. */
    boolean claim() {
        if (answered) {
            return false;
        }
        answered = true;
        done();
        waiting.ifPresent(WaitingRead::close);
        return !response.closed() && !response.ended();
    }

    /** Sets the headers of every answer of a shard. */
    HttpServerResponse head(int status, CharSequence servedBy, long revision) {
        response.setStatusCode(status);
        response.headers().set(Headers.SHARD, Integer.toString(shard)).set(Headers.SERVED_BY, servedBy);
        if (revision >= 0) {
            response.headers().set(Headers.REVISION, Long.toString(revision));
        }
        return response;
    }

    /** Ends the answer; for HEAD, with the length of the body alone. */
    void end(byte[] body) {
        response.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length));
        if (method().equals(HttpMethod.HEAD)) {
            end();
        } else {
            response.end(Buffer.buffer(body));
            record();
        }
    }

    void end() {
        response.end();
        record();
    }

    /** Answers with a problem, unless it has been answered. */
    void fail(ApiException problem) {
        if (claim()) {
            response.headers().set(Headers.SHARD, Integer.toString(shard));
            Problems.send(request, problem);
            record();
        }
    }

    void fail(ErrorCode code, String detail) {
        fail(new ApiException(code, detail));
    }

    /** The text of a timeout: a client must know whether it may simply try again. */
    ApiException unknownOutcome(String why) {
        String retry = idempotencyKey().isPresent()
                ? "A retry with the same Idempotency-Key is safe."
                : "Read the key before writing again, or use an Idempotency-Key to make retries safe.";
        return new ApiException(
                ErrorCode.TIMEOUT, why + "; the outcome is unknown: the write may take effect, or not. " + retry);
    }

    @Override
    void expired() {
        if (isWrite() && sentElsewhere) {
            fail(unknownOutcome("the write was not confirmed in time"));
        } else {
            fail(new ApiException(ErrorCode.NO_LEADER, "no leader of shard " + shard + " answered in time", 1_000));
        }
    }

    private void record() {
        metrics.answered(method(), response.getStatusCode(), System.nanoTime() - startNanos);
    }
}
