package dev.ashlar.bench.figure;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.ashlar.bench.report.Markdown;
import dev.ashlar.bench.report.Numbers;

/** What the native build that lies below {@code target} has cost, as the builder itself has written down. */
final class NativeBuild {
    private static final PathMatcher STATS =
            FileSystems.getDefault().getPathMatcher("glob:**/*-runner-build-output-stats.json");

    private NativeBuild() {}

    /** A table with a row for each service; empty when the builder left no figures. */
    static String describe(Path home) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (String service : List.of("store", "coordinator")) {
            for (Path stats : find(home.resolve("services/" + service + "/target"))) {
                JsonNode json = new ObjectMapper().readTree(stats.toFile());
                JsonNode use = json.path("resource_usage");
                rows.add(List.of(
                        service,
                        Numbers.whole(
                                json.path("image_details").path("total_bytes").asDouble() / (1 << 20)),
                        Numbers.whole(use.path("total_secs").asDouble()),
                        Numbers.whole(use.path("memory").path("peak_rss_bytes").asDouble() / (1 << 20))));
            }
        }
        return rows.isEmpty()
                ? ""
                : "\n" + Markdown.table(List.of("native build", "executable MiB", "seconds", "peak memory MiB"), rows);
    }

    private static List<Path> find(Path target) throws IOException {
        if (!Files.isDirectory(target)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(target, 2)) {
            return files.filter(STATS::matches).limit(1).toList();
        }
    }
}
