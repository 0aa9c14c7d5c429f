package dev.ashlar.cli.dev;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import dev.ashlar.client.http.Json;
import dev.ashlar.common.cluster.ClusterView;

/** Asks processes of this machine how they are; each question takes at most a second, and no answer is an answer. */
final class Probe {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    /** Whether a process says that it is ready. */
    boolean ready(Ports ports) throws InterruptedException {
        return get("http://127.0.0.1:" + ports.management() + "/q/health/ready").isPresent();
    }

    /** Whether the coordinator serves a page for browsers. */
    boolean dashboard(String url) throws InterruptedException {
        return get(url + "/")
                .filter(r -> r.headers().firstValue("Content-Type").orElse("").startsWith("text/html"))
                .isPresent();
    }

    /** Shards that have a leader, as the first store that answers sees it; -1 when none answers. */
    int shardsWithLeader(List<String> storeUrls) throws InterruptedException {
        for (String url : storeUrls) {
            Optional<HttpResponse<byte[]>> answer = get(url + "/v1/cluster");
            if (answer.isPresent()) {
                try {
                    ClusterView view = Json.read(answer.get().body(), ClusterView.class);
                    return view.shards() == null
                            ? 0
                            : (int) view.shards().stream()
                                    .filter(shard -> shard.leaderReplica() != 0)
                                    .count();
                } catch (IOException notYet) {
                    // Ask the next one.
                }
            }
        }
        return -1;
    }

    private Optional<HttpResponse<byte[]>> get(String url) throws InterruptedException {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT).build();
            return Optional.of(http.send(request, BodyHandlers.ofByteArray())).filter(r -> r.statusCode() == 200);
        } catch (IOException notYet) {
            return Optional.empty();
        }
    }
}
