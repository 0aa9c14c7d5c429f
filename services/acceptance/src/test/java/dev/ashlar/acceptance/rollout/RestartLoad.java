package dev.ashlar.acceptance.rollout;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Clients in closed loops, each writing and reading keys of its own through stores drawn at random.
 *
 * <ol>
 *   <li>A call that was not taken (503, or no connection) is tried once more, at another store, as any client does after
 *       {@code Retry-After} or behind a balancer. It fails when the second try does.
 *   <li>A store that closes its connections in order ({@code Connection: close}), or refuses one, is left out until the test
 *       says that it is ready, or for a minute: as a Service does with a pod that is not ready.
 *   <li>Every other answer than success, and a connection that breaks, is a failure at once: no planned restart may bring it
 *       about. With {@code faults} those are tried once more as well, as a client does that gives its writes an
 *       {@code Idempotency-Key}: a process that is killed breaks its connections.
 *   <li>A read must give what its client wrote last: nobody else writes its keys.
 *   <li>For each shard the longest time between two writes that were acknowledged is measured, and the slowest call with its
 *       second try.
 * </ol>
 */
final class RestartLoad implements AutoCloseable {
    private static final int KEYS_PER_CLIENT = 8;
    private static final int PAUSE_MS_MAX = 20;
    private static final Duration ANSWER_MAX = Duration.ofSeconds(20);
    /** Longer times without an acknowledged write are told with when they ended: the logs of the stores say why. */
    private static final int STALL_TOLD_MS = 500;

    private static final Duration LEFT_OUT = Duration.ofSeconds(60);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    /** A call that came to nothing. */
    private static final String FAILED = "failed";
    /** Before an answer of a store that could not do it now. */
    private static final String REFUSED = "!refused ";

    /**
     * What happened since the last time it was asked for.
     *
     * @param slowestMs of a call with its second try
     * @param stallMs the longest time without an acknowledged write of a shard
     */
    record Seen(long calls, long retried, List<String> failures, long slowestMs, long stallMs) {}

    private final List<String> urls;
    /** Of two loads on one cluster neither may repeat the other's writes. */
    private final String run = Long.toHexString(System.nanoTime());

    private final boolean faults;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong retries = new AtomicLong();
    private final Map<String, Long> lastWriteNanos = new ConcurrentHashMap<>();
    private final Map<String, Long> stallMs = new ConcurrentHashMap<>();
    private final Map<String, Long> writes = new ConcurrentHashMap<>();
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final Map<String, Long> leftOutUntilNanos = new ConcurrentHashMap<>();
    private final Set<String> uncertain = ConcurrentHashMap.newKeySet();
    private final AtomicLong slowestMs = new AtomicLong();
    private final AtomicLong retriedBefore = new AtomicLong();
    private final AtomicLong callsBefore = new AtomicLong();
    private int failuresBefore;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    RestartLoad(List<String> urls, int clients) {
        this(urls, clients, false);
    }

    RestartLoad(List<String> urls, int clients, boolean faults) {
        this.urls = List.copyOf(urls);
        this.faults = faults;
        for (int i = 0; i < clients; i++) {
            int id = i;
            threads.add(Thread.ofVirtual().name("restart-client-" + id).start(() -> loop(id, new Random(id))));
        }
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    long calls() {
        return calls.get();
    }

    long retries() {
        return retries.get();
    }

    /** The longest time without an acknowledged write, by shard, in milliseconds. */
    Map<String, Long> stallMs() {
        return Map.copyOf(stallMs);
    }

    /** Writes that were acknowledged, by shard. */
    Map<String, Long> writes() {
        return Map.copyOf(writes);
    }

    /** A store is ready again. */
    void takesPartAgain(String url) {
        leftOutUntilNanos.remove(url);
    }

    /** From one thread. */
    Seen seen() {
        List<String> all = failures();
        List<String> since = all.subList(failuresBefore, all.size());
        failuresBefore = all.size();
        long stall = stallMs.values().stream().mapToLong(Long::longValue).max().orElse(0);
        stallMs.clear();
        return new Seen(
                calls.get() - callsBefore.getAndSet(calls.get()),
                retries.get() - retriedBefore.getAndSet(retries.get()),
                since,
                slowestMs.getAndSet(0),
                stall);
    }

    /** Reads every key through a store. Those that are not what was acknowledged last; after {@link #close}. */
    List<String> lost(String url) throws InterruptedException {
        List<String> lost = new ArrayList<>();
        for (Map.Entry<String, String> entry : acknowledged.entrySet()) {
            if (!uncertain.contains(entry.getKey())) {
                String read = once(HttpRequest.newBuilder().GET(), url, entry.getKey());
                if (!read.equals(entry.getValue())) {
                    lost.add(entry.getKey() + " is " + read + ", but " + entry.getValue() + " was acknowledged");
                }
            }
        }
        return lost;
    }

    private void loop(int id, Random random) {
        long[] written = new long[KEYS_PER_CLIENT];
        try {
            for (long number = 1; !stopping; number++) {
                int key = random.nextInt(KEYS_PER_CLIENT);
                String path = "/v1/kv/restart/" + id + "/" + key;
                if (random.nextInt(3) == 0 && written[key] > 0) {
                    String read = call(random, HttpRequest.newBuilder().GET(), path);
                    if (!read.equals(FAILED) && !read.equals(Long.toString(written[key]))) {
                        failures.add(path + " is " + read + ", but " + written[key] + " was acknowledged");
                    }
                } else {
                    String body = Long.toString(number);
                    HttpRequest.Builder put = HttpRequest.newBuilder().PUT(BodyPublishers.ofString(body));
                    uncertain.add(path);
                    boolean done = !call(
                                    random,
                                    put.header("Idempotency-Key", "load-" + run + "-" + id + "-" + number),
                                    path)
                            .equals(FAILED);
                    written[key] = done ? number : 0;
                    if (done) {
                        acknowledged.put(path, body);
                        uncertain.remove(path);
                    }
                }
                Thread.sleep(random.nextInt(PAUSE_MS_MAX));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error unexpected) {
            failures.add("client " + id + " met " + unexpected);
        }
    }

    private String call(Random random, HttpRequest.Builder request, String path) throws InterruptedException {
        calls.incrementAndGet();
        long sinceNanos = System.nanoTime();
        try {
            return tried(random, request, path);
        } finally {
            slowestMs.accumulateAndGet((System.nanoTime() - sinceNanos) / 1_000_000, Math::max);
        }
    }

    private String tried(Random random, HttpRequest.Builder request, String path) throws InterruptedException {
        int store = draw(random, -1);
        String first = once(request, urls.get(store), path);
        if (!first.startsWith("!")) {
            return first;
        }
        retries.incrementAndGet();
        if (faults && first.startsWith(REFUSED)) {
            Thread.sleep(RETRY_AFTER);
        }
        String second = once(request, urls.get(draw(random, store)), path);
        if (second.startsWith("!")) {
            failures.add(path + " twice: " + first + ", then " + second);
            return FAILED;
        }
        return second;
    }

    /** Another store than one, and none that is left out as long as there are others. */
    private int draw(Random random, int not) {
        long nowNanos = System.nanoTime();
        List<Integer> others = IntStream.range(0, urls.size())
                .filter(store -> store != not)
                .boxed()
                .toList();
        List<Integer> open = others.stream()
                .filter(store -> nowNanos - leftOutUntilNanos.getOrDefault(urls.get(store), nowNanos) >= 0)
                .toList();
        List<Integer> from = open.isEmpty() ? others : open;
        return from.get(random.nextInt(from.size()));
    }

    private void leaveOut(String url) {
        leftOutUntilNanos.put(url, System.nanoTime() + LEFT_OUT.toNanos());
    }

    /** The body; with {@code !} before it when it may be tried again; {@link #FAILED} when it failed for good. */
    private String once(HttpRequest.Builder request, String url, String path) throws InterruptedException {
        HttpRequest built =
                request.copy().uri(URI.create(url + path)).timeout(ANSWER_MAX).build();
        try {
            HttpResponse<String> response = http.send(built, BodyHandlers.ofString());
            if (response.headers().firstValue("Connection").orElse("").equalsIgnoreCase("close")) {
                leaveOut(url);
            }
            if (response.statusCode() == 503 || (faults && response.statusCode() == 504)) {
                return REFUSED + response.statusCode() + " of " + url + " "
                        + response.body().strip();
            }
            if (response.statusCode() >= 300) {
                failures.add(built.method() + " " + path + " of " + url + ": " + response.statusCode() + " "
                        + response.body().strip());
                return FAILED;
            }
            if (built.method().equals("PUT")) {
                wrote(response.headers().firstValue("Ashlar-Shard").orElse("?"));
            }
            return response.body();
        } catch (ConnectException | HttpConnectTimeoutException notSent) {
            leaveOut(url);
            return "!no connection to " + url;
        } catch (IOException broken) {
            if (faults) {
                return "!connection to " + url + " broke: " + broken;
            }
            failures.add(built.method() + " " + path + " of " + url + ": " + broken);
            return FAILED;
        }
    }

    private void wrote(String shard) {
        long nowNanos = System.nanoTime();
        writes.merge(shard, 1L, Long::sum);
        Long before = lastWriteNanos.put(shard, nowNanos);
        if (before != null) {
            long sinceMs = (nowNanos - before) / 1_000_000;
            stallMs.merge(shard, sinceMs, Math::max);
            if (sinceMs >= STALL_TOLD_MS) {
                System.out.println(Instant.now() + " shard " + shard + " took its first write for " + sinceMs + " ms");
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
