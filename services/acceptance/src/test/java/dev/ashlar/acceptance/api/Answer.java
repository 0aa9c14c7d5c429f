package dev.ashlar.acceptance.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** An HTTP answer, with short ways to what tests look at. */
record Answer(HttpResponse<byte[]> response) {
    int status() {
        return response.statusCode();
    }

    String text() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** Empty when there is no such header. */
    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    String etag() {
        return header("ETag");
    }

    JsonNode json() {
        try {
            return new ObjectMapper().readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException("not JSON: " + text(), e);
        }
    }

    /** Status and code of a problem, such as {@code 404 not_found}. */
    String problem() {
        return status() + " "
                + (header("Content-Type").startsWith("application/problem+json")
                        ? json().path("code").asText()
                        : "without a problem document");
    }
}
