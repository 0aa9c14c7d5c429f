package dev.ashlar.client.http;

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
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.ashlar.client.error.UnreachableException;

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
 * <p>One thread reads; any may {@link #close}.
 */
public final class EventStream implements AutoCloseable {
    /** An event with the id to go on after it. */
    public record Event(String id, String name, String data) {}

    private static final long SILENCE_MS_MAX = 31_000;
    private static final long PAUSE_MS = 250;

    private final Connection connection;
    private final HttpClient http;
    private final String path;
    private String lastId = "";
    private long heardNanos = System.nanoTime();
    private volatile long blockNanos;
    private volatile InputStream open = InputStream.nullInputStream();
    private volatile boolean closed;

    /** @param connection its timeout is how long to try while nobody answers */
    public EventStream(Connection connection, String path) {
        this.connection = connection;
        this.http = connection.newHttp();
        this.path = path;
    }

    /** Gives every event, until it is closed; the consumer ends it by an exception, too. */
    public void read(Consumer<Event> events) throws InterruptedException {
        List<URI> endpoints = connection.endpoints();
        try (ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().factory())) {
            var unused = watchdog.scheduleWithFixedDelay(this::cutSilence, 1, 1, TimeUnit.SECONDS);
            try {
                for (int next = 0; !closed; next = (next + 1) % endpoints.size()) {
                    connect(endpoints.get(next), events);
                    Thread.sleep(PAUSE_MS);
                }
            } finally {
                watchdog.shutdownNow();
            }
        }
    }

    private void connect(URI endpoint, Consumer<Event> events) throws InterruptedException {
        HttpRequest.Builder request = connection.request(endpoint, path).timeout(connection.timeout());
        if (!lastId.isEmpty()) {
            request.header("Last-Event-ID", lastId);
        }
        String reason;
        boolean untrusted = false;
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
            if (closed) {
                return;
            }
            reason = endpoint + " (" + Failures.reason(broken) + ")";
            untrusted = Tls.untrusted(broken);
        }
        if (System.nanoTime() - heardNanos > connection.timeout().toNanos()) {
            throw new UnreachableException(
                    "nobody can tell of changes any more: " + reason + "."
                            + (lastId.isEmpty() ? "" : " The last cursor is " + lastId),
                    untrusted);
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
            cut();
        }
    }

    private void cut() {
        try {
            open.close();
        } catch (IOException gone) {
            // It is what was wanted.
        }
    }

    /** Ends the reading. */
    @Override
    public void close() {
        closed = true;
        cut();
        http.shutdownNow();
    }
}
