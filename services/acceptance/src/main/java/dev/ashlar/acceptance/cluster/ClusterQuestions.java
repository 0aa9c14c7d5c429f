package dev.ashlar.acceptance.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.ashlar.common.cluster.ClusterView;

/** Asks processes how they are. No answer is an answer: empty. Thread-safe. */
final class ClusterQuestions {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Settings settings;
    private final HttpClient http;
    private final ObjectMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** @param settings with the token to show */
    ClusterQuestions(Settings settings) {
        this.settings = settings;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT);
        settings.trust().ifPresent(builder::sslContext);
        this.http = builder.build();
    }

    Optional<ClusterView> view(ServerProcess process) {
        String url = process.ports().url() + "/v1/cluster";
        return get(settings.trust().isPresent() ? url.replaceFirst("^http:", "https:") : url)
                .map(body -> {
                    try {
                        return json.readValue(body, ClusterView.class);
                    } catch (IOException e) {
                        throw new IllegalStateException(process.name() + " answers what is no cluster view", e);
                    }
                });
    }

    boolean isReady(ServerProcess process) {
        return get("http://127.0.0.1:" + process.ports().management() + "/q/health/ready")
                .isPresent();
    }

    private Optional<byte[]> get(String url) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url)).timeout(TIMEOUT);
        if (!settings.token().isEmpty()) {
            builder.header("Authorization", "Bearer " + settings.token());
        }
        HttpRequest request = builder.build();
        try {
            HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
            return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
        } catch (IOException notNow) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
