package dev.ashlar.store.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.common.query.Durations;

/**
 * One JSON object of a request, read as strictly as the query of a URL: a field that is not known, one that comes twice and
 * one of another type are refused, with its name. Immutable.
 */
public final class JsonFields {
    private static final int DEPTH_MAX = 8;
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String where;
    private final JsonNode node;

    private JsonFields(String where, JsonNode node, Set<String> known) {
        this.where = where;
        this.node = node;
        if (!node.isObject()) {
            throw bad(where + " must be a JSON object");
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw bad("field '" + name + "' of " + where + " is not known; known are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    /** Reads a whole body. */
    public static JsonFields parse(byte[] body, String where, Set<String> known) {
        try {
            JsonNode node = JSON.readTree(body);
            return new JsonFields(where, node, known);
        } catch (IOException notJson) {
            throw bad(where + " is not valid JSON");
        }
    }

    public boolean has(String name) {
        return node.has(name);
    }

    /** A text that must be there. */
    public String text(String name) {
        return textOrNothing(name).orElseThrow(() -> bad("field '" + name + "' of " + where + " is missing"));
    }

    public Optional<String> textOrNothing(String name) {
        JsonNode field = node.get(name);
        if (field == null) {
            return Optional.empty();
        }
        if (!field.isTextual()) {
            throw bad("field '" + name + "' of " + where + " must be a text");
        }
        return Optional.of(field.textValue());
    }

    /** A whole number of at least {@code min}. */
    public long number(String name, long min) {
        JsonNode field = node.get(name);
        if (field == null || !field.isIntegralNumber() || !field.canConvertToLong() || field.longValue() < min) {
            throw bad("field '" + name + "' of " + where + " must be a whole number of at least " + min);
        }
        return field.longValue();
    }

    /** True when the field is there, and it must be true then. */
    public boolean isTrue(String name) {
        JsonNode field = node.get(name);
        if (field != null && !(field.isBoolean() && field.booleanValue())) {
            throw bad("field '" + name + "' of " + where + " must be true, or be left out");
        }
        return field != null;
    }

    /** A duration such as {@code 30s}, in milliseconds. */
    public long durationMs(String name, long minMs, long maxMs, long otherwise) {
        return textOrNothing(name)
                .map(text -> Durations.parseMs("field '" + name + "' of " + where, text, minMs, maxMs))
                .orElse(otherwise);
    }

    /** Bytes: base64 in {@code base64Name}, or a text in {@code textName}; not both. */
    public byte[] bytes(String base64Name, String textName) {
        Optional<String> base64 = textOrNothing(base64Name);
        Optional<String> plain = textOrNothing(textName);
        if (base64.isPresent() == plain.isPresent()) {
            throw bad(where + " must have either '" + base64Name + "' (base64) or '" + textName + "'");
        }
        if (plain.isPresent()) {
            return plain.get().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(base64.get());
        } catch (IllegalArgumentException notBase64) {
            throw bad("field '" + base64Name + "' of " + where + " is not base64");
        }
    }

    /** The objects of an array, at most {@code max}; none when the field is not there. */
    public List<JsonFields> objects(String name, int max, Set<String> known) {
        JsonNode array = node.get(name);
        if (array == null) {
            return List.of();
        }
        if (!array.isArray()) {
            throw bad("field '" + name + "' of " + where + " must be an array");
        }
        if (array.size() > max) {
            throw bad("field '" + name + "' of " + where + " has " + array.size() + " elements, at most " + max
                    + " are permitted");
        }
        java.util.ArrayList<JsonFields> objects = new java.util.ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
            objects.add(new JsonFields(name + "[" + i + "]", array.get(i), known));
        }
        return objects;
    }

    /** Refuses the object. */
    public ApiException refusal(String detail) {
        return bad(where + ": " + detail);
    }

    private static ApiException bad(String detail) {
        return new ApiException(ErrorCode.INVALID_ARGUMENT, detail);
    }

    /** The time to live of a key; 0 when there is none. */
    public long ttlMs() {
        return durationMs("ttl", Limits.TTL_MS_MIN, Limits.TTL_MS_MAX, 0);
    }
}
