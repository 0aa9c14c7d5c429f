package dev.ashlar.acceptance.rollout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;

/** Asks coordinators: whoever answers, since each of them hands over to the one that leads. */
final class Coordinator {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final LocalCluster cluster;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(TIMEOUT)
            .build();

    Coordinator(LocalCluster cluster) {
        this.cluster = cluster;
    }

    /** An answer: status and body; status 0 from a process that does not listen. */
    record Reply(int status, String type, JsonNode body) {
        /** Such as {@code 404 not_found}. */
        String problem() {
            return status + " " + body.path("code").asText();
        }
    }

    Reply get(ServerProcess coordinator, String path) {
        return send(coordinator, HttpRequest.newBuilder().GET(), path);
    }

    Reply post(ServerProcess coordinator, String path, String body) {
        return send(coordinator, HttpRequest.newBuilder().POST(BodyPublishers.ofString(body)), path);
    }

    /** Waits until the coordinators say that a process may be restarted. */
    void awaitGate(String statefulset, int ordinal) {
        String path = "/v1/gate?statefulset=" + statefulset + "&ordinal=" + ordinal;
        cluster.await("the gate of " + statefulset + "-" + ordinal, () -> cluster.coordinators().stream()
                .filter(ServerProcess::isRunning)
                .map(coordinator -> get(coordinator, path))
                .anyMatch(reply -> reply.body().path("verdict").asText().equals("proceed")));
    }

    private Reply send(ServerProcess coordinator, HttpRequest.Builder request, String path) {
        HttpRequest built = request.uri(URI.create(coordinator.ports().url() + path))
                .header("Content-Type", "application/json")
                .timeout(TIMEOUT)
                .build();
        try {
            HttpResponse<byte[]> response = http.send(built, BodyHandlers.ofByteArray());
            return new Reply(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    json.readTree(response.body()));
        } catch (ConnectException notListening) {
            return new Reply(0, "", MissingNode.getInstance());
        } catch (IOException e) {
            throw new UncheckedIOException(path + " of " + coordinator.name(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
