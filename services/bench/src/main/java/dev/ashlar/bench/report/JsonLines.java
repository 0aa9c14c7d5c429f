package dev.ashlar.bench.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.HdrHistogram.Histogram;

import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.Outcome;

/** Raw results, one JSON object on each line, so that a run that is stopped keeps what it has. */
public final class JsonLines {
    private JsonLines() {}

    /** Everything that a result holds. */
    public static ObjectNode of(LoadResult r) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("target", r.target());
        json.put("workload", r.spec().workload().word());
        json.put("clients", r.spec().clients());
        json.put("seconds", r.seconds());
        json.put("operations", r.operations());
        json.put("ops_per_second", r.opsPerSecond());
        latencies(json, "", r.counts().all());
        latencies(json, "read_", r.counts().reads());
        latencies(json, "write_", r.counts().writes());
        json.put("server_cpu_seconds_per_10k", r.serverCpuPer10k());
        json.put("client_cpu_seconds_per_10k", r.clientCpuPer10k());
        json.put("server_rss_bytes", r.servers().rssBytes());
        json.put("server_peak_rss_bytes", r.servers().peakRssBytes());
        ObjectNode errors = json.putObject("errors");
        r.counts().errors().forEach((outcome, n) -> errors.put(Outcome.words(outcome), n));
        return json;
    }

    private static void latencies(ObjectNode json, String prefix, Histogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return;
        }
        json.put(prefix + "p50_ms", histogram.getValueAtPercentile(50) / 1e6);
        json.put(prefix + "p99_ms", histogram.getValueAtPercentile(99) / 1e6);
        json.put(prefix + "p999_ms", histogram.getValueAtPercentile(99.9) / 1e6);
        json.put(prefix + "max_ms", histogram.getMaxValue() / 1e6);
    }

    /** Adds a line to a file. */
    public static void append(Path file, ObjectNode json) {
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.write(file, List.of(json.toString()), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
