package dev.ashlar.acceptance.watch;

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
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * One watch of all keys, as a client of ours keeps it: when a connection ends it opens another one to a store drawn at
 * random, with the id of the last event that it has taken.
 */
public final class WatchClient implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(12);
    private static final long PAUSE_MS = 100;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final ObjectMapper json = new ObjectMapper();
    private final List<String> storeUrls;
    private final Random random;
    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile String cursor = "";
    private volatile int connections;
    private volatile boolean stopping;
    private volatile InputStream body;

    public WatchClient(List<String> storeUrls, long seed) {
        this.storeUrls = List.copyOf(storeUrls);
        this.random = new Random(seed);
        this.thread = Thread.ofVirtual().name("watch-" + seed).start(this::run);
    }

    /** Whether the watch has begun: what is written from now on is seen. */
    public boolean begun() {
        return !cursor.isEmpty();
    }

    public List<Seen> seen() {
        return List.copyOf(seen);
    }

    /** How often it was connected. */
    public int connections() {
        return connections;
    }

    /** What a watch must never tell this client. */
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    private void run() {
        while (!stopping) {
            try {
                connect(storeUrls.get(random.nextInt(storeUrls.size())));
            } catch (IOException ended) {
                // Killed, stopped or cut: on to the next one.
            } catch (InterruptedException stopped) {
                return;
            }
            try {
                Thread.sleep(PAUSE_MS);
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private void connect(String url) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + "/v1/watch")).timeout(ANSWER_MAX);
        if (begun()) {
            request.header("Last-Event-ID", cursor);
        }
        HttpResponse<InputStream> response = http.send(request.build(), BodyHandlers.ofInputStream());
        body = response.body();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            if (response.statusCode() == 200) {
                connections++;
                read(lines);
            } else if (response.statusCode() != 503 && response.statusCode() != 429) {
                complaints.add(url + " answered " + response.statusCode() + ": " + lines.readLine());
            }
        }
    }

    private void read(BufferedReader lines) throws IOException {
        String id = cursor;
        String name = "";
        String data = "";
        for (String line = lines.readLine(); line != null && !stopping; line = lines.readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = line.substring(6);
            } else if (line.isEmpty()) {
                take(name, data);
                cursor = id;
                name = "";
                data = "";
            }
        }
    }

    private void take(String name, String data) throws IOException {
        switch (name) {
            case "put", "delete" -> {
                JsonNode event = json.readTree(data);
                String value = new String(
                        Base64.getDecoder().decode(event.path("value").asText("")), StandardCharsets.US_ASCII);
                seen.add(new Seen(
                        event.path("shard").asInt(),
                        event.path("revision").asLong(),
                        event.path("key").asText(),
                        name.equals("put") ? Long.parseLong(value.strip()) : -1));
            }
            case "open", "" -> {}
            default -> complaints.add("event " + name + ": " + data);
        }
    }

    @Override
    public void close() {
        stopping = true;
        thread.interrupt();
        InputStream open = body;
        if (open != null) {
            try {
                open.close();
            } catch (IOException closed) {
                // It is what was wanted.
            }
        }
    }
}
