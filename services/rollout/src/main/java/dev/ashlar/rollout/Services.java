package dev.ashlar.rollout;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** The coordinators and stores, through their Services. Blocks. */
final class Services {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String PROBE_KEY = "/v1/kv/ashlar/verify";
    private static final int PROBE_TRIES = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http;
    private final String coordinator;
    private final String store;
    private final String token;

    /**
     * Asks nobody yet.
     *
     * @param token empty for none
     * @param authority file with the certificates that are believed, empty for those of the platform
     */
    Services(String coordinator, String store, String token, String authority) throws ApiFailure {
        this.http = client(TIMEOUT, authority);
        this.coordinator = coordinator;
        this.store = store;
        this.token = token;
    }

    /**
     * A client for either scheme.
     *
     * @param authority file with the certificates that are believed, empty for those of the platform
     */
    static HttpClient client(Duration connectTimeout, String authority) throws ApiFailure {
        HttpClient.Builder client = HttpClient.newBuilder().connectTimeout(connectTimeout);
        if (!authority.isEmpty()) {
            try {
                client.sslContext(Kubernetes.trusting(Path.of(authority)));
            } catch (IOException | GeneralSecurityException e) {
                throw new ApiFailure("ASHLAR_CA_FILE cannot be used: " + e);
            }
        }
        return client.build();
    }

    /** The coordinator's verdict; no answer is a hold. */
    Outcome gate(String set, int ordinal) {
        try {
            HttpResponse<String> response =
                    send("GET", coordinator + "/v1/gate?statefulset=" + set + "&ordinal=" + ordinal, "");
            JsonNode body = JSON.readTree(response.body());
            List<String> reasons = new ArrayList<>();
            body.path("reasons").forEach(reason -> reasons.add(reason.asText()));
            boolean proceed = body.path("verdict").asText().equals("proceed");
            if (reasons.isEmpty()) {
                reasons.add(proceed ? "the gate says proceed" : response.statusCode() + " " + response.body());
            }
            return new Outcome(proceed, reasons);
        } catch (ApiFailure | IOException e) {
            return Outcome.bad("the gate cannot be asked: " + e.getMessage());
        }
    }

    /** What keeps the cluster from being {@code ok}; empty when it is. */
    List<String> clusterProblems() throws ApiFailure {
        JsonNode body = cluster();
        List<String> problems = new ArrayList<>();
        if (!body.path("authoritative").asBoolean()) {
            problems.add("the coordinators' leader did not answer");
        }
        body.path("problems").forEach(problem -> problems.add(problem.asText()));
        String health = body.path("health").asText();
        if (problems.isEmpty() && !health.equals("ok")) {
            problems.add("the cluster is " + health);
        }
        return problems;
    }

    /** What {@code GET /v1/cluster} says. */
    JsonNode cluster() throws ApiFailure {
        HttpResponse<String> response = send("GET", coordinator + "/v1/cluster", "");
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new ApiFailure("the coordinator's answer cannot be read: " + e.getMessage());
        }
    }

    /** Writes a key, reads it back, deletes it. What went wrong; empty when nothing did. */
    List<String> probe() throws ApiFailure {
        String value = "at " + System.currentTimeMillis();
        HttpResponse<String> put = retried("PUT", value);
        if (put.statusCode() != 200 && put.statusCode() != 201) {
            return List.of("a write through the Service was answered " + put.statusCode() + " " + put.body());
        }
        HttpResponse<String> get = retried("GET", "");
        retried("DELETE", "");
        return get.statusCode() == 200 && get.body().equals(value)
                ? List.of()
                : List.of("a value that was written is read back as " + get.statusCode() + " " + get.body());
    }

    private HttpResponse<String> retried(String method, String body) throws ApiFailure {
        HttpResponse<String> response = send(method, store + PROBE_KEY, body);
        for (int again = 1; again < PROBE_TRIES && response.statusCode() >= 500; again++) {
            response = send(method, store + PROBE_KEY, body);
        }
        return response;
    }

    private HttpResponse<String> send(String method, String url, String body) throws ApiFailure {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(TIMEOUT)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new ApiFailure(url + " does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiFailure("interrupted");
        }
    }
}
