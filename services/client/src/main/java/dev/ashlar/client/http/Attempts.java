package dev.ashlar.client.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The tries of one call.
 *
 * <ol>
 *   <li>The route says whom to ask, round after round, until the timeout. While there is another one to ask, a try gets a third
 *       of the time that is left, so that a server which hangs does not use up all of it.
 *   <li>One that cannot be reached, breaks off or says that it comes later ({@link Verdict}) is followed by the next one; the
 *       one that {@code Ashlar-Leader} names comes first, once a round.
 *   <li>Between rounds there is a pause that doubles, with jitter, and is never shorter than {@code Retry-After}. No round
 *       begins in the last moment: a write that is cut off in it would be unknown for nothing. A call that
 *       must not wait for anybody ends with the first round in which nobody could be reached.
 *   <li>Any other answer is the answer, with one exception (S4): a write of which a try broke off or was answered as unknown
 *       may have been applied. Then only an answer that holds for that try too tells the outcome; without one it is unknown,
 *       whatever a later try was told.
 * </ol>
 */
final class Attempts {
    private static final long PAUSE_MS_MIN = 100;
    private static final long PAUSE_MS_MAX = 1_000;
    private static final long TRY_MS_MIN = 1_000;
    private static final long LAST_TRY_MS = 500;

    private final HttpClient http;
    private final Connection connection;
    private final boolean patient;
    private final Call call;
    private final Route route;
    private final long deadlineNanos;
    private final long lastTryMs;
    private final Failures failures = new Failures();
    private Optional<Answer> later = Optional.empty();
    private Optional<String> unknown = Optional.empty();
    private boolean arrived;

    Attempts(HttpClient http, Connection connection, boolean patient, Call call, Route route) {
        this.http = http;
        this.connection = connection;
        this.patient = patient;
        this.call = call;
        this.route = route;
        this.deadlineNanos = System.nanoTime() + connection.timeout().toNanos();
        this.lastTryMs = Math.min(LAST_TRY_MS, connection.timeout().toMillis() / 4);
    }

    Answer run() throws InterruptedException {
        for (int rounds = 0; ; rounds++) {
            arrived = false;
            Optional<Answer> answer = round();
            if (answer.isPresent()) {
                return checked(answer.get());
            }
            long pauseMs = pauseMs(rounds);
            if (!arrived && !patient) {
                throw nobody();
            }
            if (leftMs() - pauseMs < lastTryMs) {
                return checked(later.orElseThrow(this::nobody));
            }
            Thread.sleep(pauseMs);
        }
    }

    private Optional<Answer> round() throws InterruptedException {
        Deque<URI> round = new ArrayDeque<>(route.round());
        boolean followed = false;
        while (!round.isEmpty() && leftMs() > 0) {
            URI endpoint = round.removeFirst();
            long leftMs = leftMs();
            long limitMs = round.isEmpty() ? leftMs : Math.min(leftMs, Math.max(TRY_MS_MIN, leftMs / 3));
            try {
                Answer answer = once(http, connection, endpoint, call, Duration.ofMillis(Math.max(1, limitMs)));
                arrived = true;
                route.answered(endpoint, answer);
                Verdict verdict = Verdict.of(answer);
                if (call.writes() && verdict.leavesUnknown()) {
                    unknown = unknown.or(() -> Optional.of(Problem.parse(answer).detail()));
                }
                if (!verdict.comesLater()) {
                    return Optional.of(answer);
                }
                later = Optional.of(answer);
                if (!followed) {
                    followed = true;
                    leaderOf(answer).filter(leader -> !leader.equals(endpoint)).ifPresent(round::addFirst);
                }
            } catch (IOException failure) {
                route.failed(endpoint);
                failures.add(endpoint, failure);
                if (!Failures.neverArrived(failure)) {
                    arrived = true;
                    if (call.writes()) {
                        unknown = unknown.or(() -> Optional.of("the connection broke off: " + failures + "."));
                    }
                }
            }
        }
        return Optional.empty();
    }

    static Answer once(HttpClient http, Connection connection, URI endpoint, Call call, Duration limit)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = connection
                .request(endpoint, call.path())
                .timeout(limit)
                .method(
                        call.method(),
                        call.body().map(BodyPublishers::ofByteArray).orElseGet(BodyPublishers::noBody));
        call.headers().forEach(request::header);
        HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
        return new Answer(endpoint, response.statusCode(), response.headers(), response.body());
    }

    private Answer checked(Answer answer) {
        if (unknown.isPresent() && Verdict.of(answer) != Verdict.DECIDED) {
            throw Problem.unknown(call, unknown.get());
        }
        return answer;
    }

    private RuntimeException nobody() {
        return unknown.<RuntimeException>map(why -> Problem.unknown(call, why)).orElseGet(failures::nobody);
    }

    private static Optional<URI> leaderOf(Answer answer) {
        String named = answer.header("Ashlar-Leader");
        return named.isEmpty()
                ? Optional.empty()
                : Optional.of(Endpoints.parse(named).getFirst());
    }

    private long pauseMs(int rounds) {
        long ownMs = Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN << Math.min(rounds, 10));
        long askedMs = later.map(Attempts::retryAfterMs).orElse(0L);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return askedMs == 0 ? random.nextLong(ownMs / 2, ownMs + 1) : askedMs + random.nextLong(PAUSE_MS_MIN);
    }

    private static long retryAfterMs(Answer answer) {
        String seconds = answer.header("Retry-After");
        return seconds.matches("\\d{1,4}") ? Long.parseLong(seconds) * 1_000 : 0;
    }

    private long leftMs() {
        return (deadlineNanos - System.nanoTime()) / 1_000_000;
    }
}
