package dev.ashlar.common.query;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * The parameters of a request, read strictly: one that this call does not know, and one that comes twice, is refused, since
 * a mistyped {@code consistancy=stale} must not be taken for the default.
 */
public final class QueryString {
    private static final int PARAMETERS_MAX = 32;

    private final Map<String, String> values;

    private QueryString(Map<String, String> values) {
        this.values = values;
    }

    /**
     * Reads all of it.
     *
     * @param raw what stands behind the question mark, or null
     * @throws ApiException {@code invalid_argument}, naming the parameter
     */
    public static QueryString parse(String raw, Set<String> known) {
        if (raw == null || raw.isEmpty()) {
            return new QueryString(Map.of());
        }
        Map<String, String> values = new HashMap<>();
        for (String part : raw.split("&", PARAMETERS_MAX + 1)) {
            if (part.isEmpty()) {
                continue;
            }
            if (values.size() == PARAMETERS_MAX) {
                throw bad("the query has more than " + PARAMETERS_MAX + " parameters");
            }
            int equals = part.indexOf('=');
            String name = PercentDecoder.decode(equals < 0 ? part : part.substring(0, equals), true, "the query");
            if (!known.contains(name)) {
                throw bad("parameter '" + name + "' is not known here"
                        + (known.isEmpty() ? "; there are none" : "; known are " + String.join(", ", sorted(known))));
            }
            String value = equals < 0 ? "" : PercentDecoder.decode(part.substring(equals + 1), true, name);
            if (values.put(name, value) != null) {
                throw bad("parameter '" + name + "' comes twice");
            }
        }
        return new QueryString(values);
    }

    /**
     * One parameter, whatever else there is; empty when it is not there.
     *
     * @throws ApiException {@code invalid_argument} when it comes twice, or cannot be decoded
     */
    public static String find(String raw, String name) {
        String found = null;
        for (String part : raw == null ? new String[0] : raw.split("&", -1)) {
            int equals = part.indexOf('=');
            if (PercentDecoder.decode(equals < 0 ? part : part.substring(0, equals), true, "the query")
                    .equals(name)) {
                if (found != null) {
                    throw bad("parameter '" + name + "' comes twice");
                }
                found = equals < 0 ? "" : PercentDecoder.decode(part.substring(equals + 1), true, name);
            }
        }
        return found == null ? "" : found;
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public String text(String name) {
        return values.getOrDefault(name, "");
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** A flag: {@code true}, {@code false}, or the bare name for true. */
    public boolean flag(String name) {
        String value = values.get(name);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.isEmpty() || value.equals("true")) {
            return true;
        }
        throw bad("parameter '" + name + "' is '" + value + "'; it must be true or false");
    }

    /** A whole number from {@code min} to {@code max}. */
    public int number(String name, int min, int max, int otherwise) {
        String value = values.get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Refused below, like a number out of range.
        }
        throw bad("parameter '" + name + "' is '" + value + "'; it must be a number from " + min + " to " + max);
    }

    /** A duration such as {@code 500ms}, in milliseconds, from {@code minMs} to {@code maxMs}. */
    public long durationMs(String name, long minMs, long maxMs, long otherwise) {
        String value = values.get(name);
        return value == null ? otherwise : Durations.parseMs("parameter '" + name + "'", value, minMs, maxMs);
    }

    private static Iterable<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private static ApiException bad(String detail) {
        return new ApiException(ErrorCode.INVALID_ARGUMENT, detail);
    }
}
