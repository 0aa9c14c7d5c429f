package dev.ashlar.coordinator.group;

import java.io.IOException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.ashlar.coordinator.state.ClusterCommand;

/**
 * Commands and rows of the state as JSON: few, small, and readable in an emergency. Unknown fields are ignored, so that two
 * versions can run together. Any thread.
 */
final class StateCodec {
    private final ObjectMapper json = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    byte[] encode(ClusterCommand command) {
        try {
            return json.writerFor(ClusterCommand.class).writeValueAsBytes(command);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a command cannot be encoded: " + command, e);
        }
    }

    /** @throws IOException when this version does not know the command */
    ClusterCommand decodeCommand(byte[] bytes) throws IOException {
        return json.readValue(bytes, ClusterCommand.class);
    }

    byte[] encodeRow(Object row) {
        try {
            return json.writeValueAsBytes(row);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a row cannot be encoded: " + row, e);
        }
    }

    <T> T decodeRow(byte[] bytes, Class<T> type) throws IOException {
        return json.readValue(bytes, type);
    }
}
