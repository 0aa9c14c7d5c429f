package dev.ashlar.acceptance.disk;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

import dev.ashlar.acceptance.cluster.ServerProcess;

/** Requests to stores that may be down: no answer is status 0. */
final class StoreClient {
    /** What a process that was stopped by SIGTERM ends with: an executable with its own code, a JVM with the signal's. */
    static final Set<Integer> STOPPED = Set.of(0, 143);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    record Reply(int status, String text) {}

    Reply put(ServerProcess store, String key, byte[] value) {
        return send(request(store.ports().url() + "/v1/kv/" + key).PUT(BodyPublishers.ofByteArray(value)));
    }

    Reply get(ServerProcess store, String key) {
        return send(request(store.ports().url() + "/v1/kv/" + key));
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20));
    }

    private Reply send(HttpRequest.Builder request) {
        try {
            var response = http.send(request.build(), BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
        } catch (IOException down) {
            return new Reply(0, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
