package dev.ashlar.cli.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;

/**
 * Sends one {@link Call} to the first of several endpoints that can answer it.
 *
 * <ol>
 *   <li>The endpoints are asked in their order, again and again until the timeout.
 *   <li>One that cannot be reached or breaks off is remembered with the reason, and the next one is asked. When a whole
 *       round reached nobody, that is the end: nobody is there.
 *   <li>503 {@code no_leader} and {@code draining} promise that nothing was done, so the next endpoint is asked (the one
 *       the header Ashlar-Leader names first), after a short pause for the election to end.
 *   <li>Every other answer is the answer.
 * </ol>
 *
 * <p>Each call may be repeated (see {@link Call}); a write that broke off everywhere has an unknown outcome, and the error
 * says so. Not for use by several threads.
 */
public final class ApiClient {
    private static final long RETRY_PAUSE_MS = 200;
    private static final long RETRY_PAUSE_MS_MAX = 1_000;

    private final HttpClient http;
    private final List<URI> endpoints;
    private final Optional<String> token;
    private final Duration timeout;
    private final String adviceWhenUnreachable;

    /** A client for endpoints that stand in for each other; {@code timeout} is how long to try in all. */
    public ApiClient(
            List<URI> endpoints,
            Optional<String> token,
            Duration timeout,
            Optional<SSLContext> trust,
            String adviceWhenUnreachable) {
        this.endpoints = List.copyOf(endpoints);
        this.token = token;
        this.timeout = timeout;
        this.adviceWhenUnreachable = adviceWhenUnreachable;
        this.http = Tls.client(trust);
    }

    /** The answer, or a {@link CliException} that says what went wrong when it is not a success. */
    public Answer ask(Call call) throws InterruptedException {
        Answer answer = send(call);
        if (!answer.ok()) {
            throw Problem.of(answer);
        }
        return answer;
    }

    /** The answer, whatever its status. */
    public Answer send(Call call) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + timeout.toNanos();
        Map<URI, String> failures = new LinkedHashMap<>();
        boolean brokeOff = false;
        while (true) {
            Deque<URI> round = new ArrayDeque<>(endpoints);
            Optional<Answer> later = Optional.empty();
            boolean followed = false;
            while (!round.isEmpty()) {
                URI endpoint = round.removeFirst();
                long leftMs = (deadlineNanos - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    break;
                }
                try {
                    Answer answer = once(endpoint, call, Duration.ofMillis(leftMs));
                    if (!comesLater(answer)) {
                        return answer;
                    }
                    later = Optional.of(answer);
                    if (!followed) {
                        followed = true;
                        leaderOf(answer).filter(l -> !l.equals(endpoint)).ifPresent(round::addFirst);
                    }
                } catch (IOException failure) {
                    brokeOff |= !neverArrived(failure);
                    failures.put(endpoint, reason(failure));
                }
            }
            long leftMs = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (later.isEmpty()) {
                throw unreachable(call, failures, brokeOff);
            }
            long pauseMs = pauseMs(later.get());
            if (leftMs <= pauseMs) {
                return later.get();
            }
            Thread.sleep(pauseMs);
        }
    }

    /**
     * The body of an answer as it comes, from the first endpoint that gives it; a {@link CliException} otherwise. To be closed.
     * A body that breaks off ends with an {@link IOException}: it is not asked for again.
     */
    public InputStream stream(String path) throws InterruptedException {
        Map<URI, String> failures = new LinkedHashMap<>();
        Optional<Answer> refused = Optional.empty();
        for (URI endpoint : endpoints) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(endpoint + path)).GET();
            token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
            try {
                HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
                if (response.statusCode() == 200) {
                    return response.body();
                }
                try (InputStream body = response.body()) {
                    refused = Optional.of(
                            new Answer(endpoint, response.statusCode(), response.headers(), body.readNBytes(64 << 10)));
                }
                if (!comesLater(refused.get())) {
                    break;
                }
            } catch (IOException failure) {
                failures.put(endpoint, reason(failure));
            }
        }
        throw refused.map(Problem::of).orElseGet(() -> unreachable(Call.get(path), failures, false));
    }

    private Answer once(URI endpoint, Call call, Duration left) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint + call.path()))
                .timeout(left)
                .method(
                        call.method(),
                        call.body().map(BodyPublishers::ofByteArray).orElseGet(BodyPublishers::noBody));
        call.headers().forEach(request::header);
        token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
        HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
        return new Answer(endpoint, response.statusCode(), response.headers(), response.body());
    }

    private static boolean comesLater(Answer answer) {
        return answer.status() == 503
                && switch (Problem.parse(answer).code()) {
                    case "no_leader", "draining" -> true;
                    default -> false;
                };
    }

    private static Optional<URI> leaderOf(Answer answer) {
        String named = answer.header("Ashlar-Leader");
        return named.isEmpty()
                ? Optional.empty()
                : Optional.of(Endpoints.parse(named).getFirst());
    }

    private static long pauseMs(Answer answer) {
        String seconds = answer.header("Retry-After");
        long askedMs = seconds.matches("\\d{1,4}") ? Long.parseLong(seconds) * 1_000 : RETRY_PAUSE_MS;
        return Math.clamp(askedMs, RETRY_PAUSE_MS, RETRY_PAUSE_MS_MAX);
    }

    private static boolean neverArrived(IOException failure) {
        return failure instanceof ConnectException || failure instanceof HttpConnectTimeoutException;
    }

    private CliException unreachable(Call call, Map<URI, String> failures, boolean brokeOff) {
        String tried = failures.isEmpty()
                ? "no time was left to ask"
                : failures.entrySet().stream()
                        .map(f -> f.getKey() + " (" + f.getValue() + ")")
                        .collect(Collectors.joining(", "));
        if (call.writes() && brokeOff) {
            return new CliException(
                    ExitCode.UNREACHABLE,
                    "the outcome of the write is unknown, the connection broke off: " + tried
                            + ". Read the key to know, or repeat with the same --idempotency-key.");
        }
        return new CliException(ExitCode.UNREACHABLE, "nobody answered: " + tried + ". " + adviceWhenUnreachable);
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case HttpConnectTimeoutException e -> "no connection within " + Tls.CONNECT_TIMEOUT.toSeconds() + " s";
            case HttpTimeoutException e -> "no answer in time";
            case ConnectException e ->
                e.getCause() instanceof java.nio.channels.UnresolvedAddressException
                        ? "unknown host"
                        : "connection refused";
            default ->
                Tls.reason(failure)
                        .orElseGet(() -> failure.getMessage() == null ? "connection broken" : failure.getMessage());
        };
    }
}
