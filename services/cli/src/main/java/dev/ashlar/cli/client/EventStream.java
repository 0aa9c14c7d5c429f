package dev.ashlar.cli.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;

/**
 * Server-sent events of a watch.
 *
 * <ol>
 *   <li>A connection that ends, breaks, or is silent for longer than three heartbeats is replaced by one to the next endpoint,
 *       with the id of the last event that was taken: nothing is missed or seen twice.
 *   <li>When nobody can be reached for the timeout, that is the end.
 *   <li>Any answer but 200 and 503 is the end too: the cursor is too old, the request is wrong, the token is not good.
 * </ol>
 *
 * <p>One thread.
 */
public final class EventStream {
    /** An event with the id to go on after it. */
    public record Event(String id, String name, String data) {}

    private static final long SILENCE_MS_MAX = 31_000;
    private static final long PAUSE_MS = 250;

    private final HttpClient http;
    private final List<URI> endpoints;
    private final Optional<String> token;
    private final Duration timeout;
    private final String path;
    private String lastId = "";
    private long heardNanos = System.nanoTime();
    private volatile long blockNanos;
    private volatile InputStream open = InputStream.nullInputStream();

    /** @param timeout how long to try while nobody answers */
    public EventStream(
            List<URI> endpoints, Optional<String> token, Duration timeout, Optional<SSLContext> trust, String path) {
        this.http = Tls.client(trust);
        this.endpoints = List.copyOf(endpoints);
        this.token = token;
        this.timeout = timeout;
        this.path = path;
    }

    /** Gives every event, for ever; the consumer ends it by an exception. */
    public void read(Consumer<Event> events) throws InterruptedException {
        try (ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory())) {
            var unused = watchdog.scheduleWithFixedDelay(this::cutSilence, 1, 1, TimeUnit.SECONDS);
            try {
                for (int next = 0; ; next = (next + 1) % endpoints.size()) {
                    connect(endpoints.get(next), events);
                    Thread.sleep(PAUSE_MS);
                }
            } finally {
                watchdog.shutdownNow();
            }
        }
    }

    private void connect(URI endpoint, Consumer<Event> events) throws InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(endpoint + path)).timeout(timeout);
        token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        if (!lastId.isEmpty()) {
            request.header("Last-Event-ID", lastId);
        }
        String reason;
        try {
            HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() == 200) {
                    heardNanos = System.nanoTime();
                    blockNanos = System.nanoTime();
                    open = body;
                    lines(body, events);
                    return;
                }
                Answer answer = new Answer(endpoint, response.statusCode(), response.headers(), body.readAllBytes());
                if (response.statusCode() != 503 && response.statusCode() != 429) {
                    throw Problem.of(answer);
                }
                reason = Problem.of(answer).getMessage();
            }
        } catch (IOException broken) {
            reason = endpoint + ": "
                    + Tls.reason(broken)
                            .orElseGet(() -> broken.getMessage() == null ? "no connection" : broken.getMessage());
        }
        if (System.nanoTime() - heardNanos > timeout.toNanos()) {
            throw new CliException(
                    ExitCode.UNREACHABLE,
                    "nobody can tell of changes any more (" + reason + ")"
                            + (lastId.isEmpty() ? "." : ". Go on later with --from " + lastId));
        }
    }

    private void lines(InputStream body, Consumer<Event> events) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        String id = lastId;
        String name = "";
        String data = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty()) {
                heardNanos = System.nanoTime();
                blockNanos = heardNanos;
                lastId = id;
                if (!name.isEmpty()) {
                    events.accept(new Event(id, name, data));
                }
                name = "";
                data = "";
            }
        }
    }

    private void cutSilence() {
        if (System.nanoTime() - blockNanos > TimeUnit.MILLISECONDS.toNanos(SILENCE_MS_MAX)) {
            try {
                open.close();
            } catch (IOException closed) {
                // It is what was wanted.
            }
        }
    }
}
