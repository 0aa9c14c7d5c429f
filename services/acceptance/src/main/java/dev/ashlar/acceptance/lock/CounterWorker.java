package dev.ashlar.acceptance.lock;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that increments a counter under a lock, and stops itself (SIGSTOP) now and then between the read and the write.
 *
 * <p>Arguments: base URLs separated by commas, name of the worker, increments, every how many it stops, {@code fenced} or
 * {@code unfenced}. It tells on its output, line by line: {@code stopping VALUE} (what it
 * is about to write), {@code ok VALUE}, {@code fenced}, {@code unknown VALUE}.
 */
public final class CounterWorker {
    /** The lock and the counter share a tag, so the fence is checked in one log. */
    public static final String LOCK = "%7Bcounter%7Dlock";

    public static final String KEY = "%7Bcounter%7Dvalue";
    private static final String FENCE = "{counter}lock=";
    private static final Pattern TOKEN = Pattern.compile("\"fencing_token\":(\\d+)");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String[] urls;
    private final String name;
    private final boolean fenced;
    private final Random random;

    private CounterWorker(String[] urls, String name, boolean fenced) {
        this.urls = urls;
        this.name = name;
        this.fenced = fenced;
        this.random = new Random(name.hashCode());
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        CounterWorker worker = new CounterWorker(args[0].split(","), args[1], args[4].equals("fenced"));
        int increments = Integer.parseInt(args[2]);
        int stopEvery = Integer.parseInt(args[3]);
        for (int done = 0; done < increments; ) {
            done += worker.increment(stopEvery > 0 && done % stopEvery == stopEvery - 1) ? 1 : 0;
        }
    }

    /** Whether it may count as an attempt: the lock was acquired. */
    private boolean increment(boolean stop) throws IOException, InterruptedException {
        HttpResponse<String> lock = send(
                "POST", "/v1/locks/" + LOCK, "{\"owner\":\"%s\",\"ttl\":\"2s\",\"wait\":\"10s\"}".formatted(name), "");
        Matcher token = TOKEN.matcher(lock.body());
        if (lock.statusCode() != 200 || !token.find()) {
            return false;
        }
        HttpResponse<String> read = send("GET", "/v1/kv/" + KEY, "", "");
        if (read.statusCode() != 200 && read.statusCode() != 404) {
            return false;
        }
        long next = read.statusCode() == 404 ? 1 : Long.parseLong(read.body()) + 1;
        if (stop) {
            tell("stopping " + next);
            new ProcessBuilder(
                            "kill",
                            "-STOP",
                            Long.toString(ProcessHandle.current().pid()))
                    .start()
                    .waitFor();
        }
        HttpResponse<String> write =
                send("PUT", "/v1/kv/" + KEY, Long.toString(next), fenced ? FENCE + token.group(1) : "");
        switch (write.statusCode()) {
            case 200, 201 -> tell("ok " + next);
            case 412 -> tell("fenced");
            case 503, 429 -> {}
            default -> tell("unknown " + next);
        }
        send("DELETE", "/v1/locks/" + LOCK, "{\"owner\":\"%s\"}".formatted(name), "");
        return true;
    }

    private HttpResponse<String> send(String method, String path, String body, String fence)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(urls[random.nextInt(urls.length)] + path))
                .timeout(Duration.ofSeconds(60))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!fence.isEmpty()) {
            request.header("Ashlar-Fencing", fence);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private static void tell(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
