package dev.ashlar.client.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.ashlar.client.error.AshlarException;

/** JSON as the API writes it: snake_case, unknown fields ignored (a newer server may send more). Threads may share it. */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private Json() {}

    public static <T> T read(Answer answer, Class<T> type) {
        try {
            return MAPPER.readValue(answer.body(), type);
        } catch (IOException notJson) {
            throw notUnderstood(answer);
        }
    }

    public static JsonNode tree(Answer answer) {
        try {
            return MAPPER.readTree(answer.body());
        } catch (IOException notJson) {
            throw notUnderstood(answer);
        }
    }

    public static <T> T read(byte[] json, Class<T> type) throws IOException {
        return MAPPER.readValue(json, type);
    }

    public static <T> T convert(JsonNode node, Class<T> type) {
        return MAPPER.convertValue(node, type);
    }

    /** One line of JSON. */
    public static String line(Object value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static AshlarException notUnderstood(Answer answer) {
        String start = new String(answer.body(), 0, Math.min(80, answer.body().length), StandardCharsets.UTF_8);
        return new AshlarException(
                "not_understood",
                answer.status(),
                answer.from() + " did not answer as an Ashlar server does (status " + answer.status() + ", '"
                        + start.replaceAll("\\p{Cntrl}", " ") + "'). Is it the right address?");
    }
}
