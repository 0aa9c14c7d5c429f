package dev.ashlar.acceptance.watch;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import dev.ashlar.acceptance.history.Call;
import dev.ashlar.acceptance.history.History;
import dev.ashlar.acceptance.history.Operation;
import dev.ashlar.acceptance.history.Outcome;

/**
 * Writes with an Idempotency-Key and sends each again, to stores drawn at random, until it is acknowledged, whatever became
 * of the tries before. Each must take effect once (S4): a watch must tell its value once, at the acknowledged revision.
 */
public final class OnceWriter implements AutoCloseable {
    private static final int KEYS = 10;
    private static final int CLIENT = 1_000;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(3);
    private static final long PAUSE_MS = 15;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private final List<String> storeUrls;
    private final History history;
    private final AtomicLong values;
    private final Random random;
    private final Thread thread;
    private volatile long retries;
    private volatile boolean stopping;

    public OnceWriter(List<String> storeUrls, History history, AtomicLong values, long seed) {
        this.storeUrls = List.copyOf(storeUrls);
        this.history = history;
        this.values = values;
        this.random = new Random(seed);
        this.thread = Thread.ofVirtual().name("once-writer").start(this::run);
    }

    /** How many tries had no answer, or one that leaves it open. */
    public long retries() {
        return retries;
    }

    private void run() {
        try {
            while (!stopping) {
                long value = values.incrementAndGet();
                String key = "once/" + value % KEYS;
                long invokeNanos = System.nanoTime();
                HttpResponse<String> answer = untilAcknowledged(key, value);
                String etag = answer.headers().firstValue("ETag").orElseThrow();
                long revision = Long.parseLong(etag, 1, etag.length() - 1, 10);
                history.add(new Operation(
                        CLIENT,
                        key,
                        new Call.Put(value),
                        new Outcome.Written(revision, answer.statusCode() == 201),
                        invokeNanos,
                        System.nanoTime()));
                Thread.sleep(PAUSE_MS);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpResponse<String> untilAcknowledged(String key, long value) throws InterruptedException {
        while (true) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(storeUrls.get(random.nextInt(storeUrls.size())) + "/v1/kv/" + key))
                    .timeout(ANSWER_MAX)
                    .header("Idempotency-Key", "value-" + value)
                    .PUT(BodyPublishers.ofString(Long.toString(value)))
                    .build();
            try {
                HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
                if (answer.statusCode() == 200 || answer.statusCode() == 201) {
                    return answer;
                }
                retries += answer.statusCode() == 504 ? 1 : 0;
            } catch (IOException noAnswer) {
                retries++;
            }
            Thread.sleep(PAUSE_MS);
        }
    }

    /** What was told more than once, or at another revision than was acknowledged; empty when nothing was. */
    public static List<String> problems(List<Seen> seen, History history) {
        Map<Long, Long> revisions = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (Seen event : seen) {
            if (event.key().startsWith("once/") && revisions.put(event.value(), event.revision()) != null) {
                problems.add("applied twice: " + event);
            }
        }
        for (Operation operation : history.all()) {
            if (operation.client() == CLIENT
                    && operation.call() instanceof Call.Put put
                    && revisions.getOrDefault(put.value(), 0L) != operation.writtenRevision()) {
                problems.add(operation + " took effect at " + revisions.get(put.value()));
            }
        }
        return problems;
    }

    /** Returns when the last write is acknowledged. */
    @Override
    public void close() {
        stopping = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
