package dev.ashlar.acceptance.workload;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Measured times by what they are of, as a file and as lines for people. */
public final class Figures {
    private final Map<String, List<Long>> valuesMs = new LinkedHashMap<>();

    /** Adds times, in milliseconds. */
    public void add(String what, List<Long> timesMs) {
        valuesMs.computeIfAbsent(what, key -> new ArrayList<>()).addAll(timesMs);
    }

    /** Writes count, median, maximum and all values, in milliseconds. */
    public void write(Path file) {
        Map<String, Map<String, Object>> document = new LinkedHashMap<>();
        valuesMs.forEach((what, values) -> {
            List<Long> sorted = values.stream().sorted().toList();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("count", sorted.size());
            row.put("median_ms", median(sorted));
            row.put("max_ms", sorted.getLast());
            row.put("values_ms", values);
            document.put(what, row);
        });
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long median(List<Long> sorted) {
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        valuesMs.forEach((what, values) -> {
            List<Long> sorted = values.stream().sorted().toList();
            text.append(what)
                    .append(": median ")
                    .append(median(sorted))
                    .append(" ms, max ")
                    .append(sorted.getLast())
                    .append(" ms of ")
                    .append(sorted.size())
                    .append('\n');
        });
        return text.toString();
    }
}
