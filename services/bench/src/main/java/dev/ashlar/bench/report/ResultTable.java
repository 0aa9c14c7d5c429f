package dev.ashlar.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.HdrHistogram.Histogram;

import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.Outcome;

/** Results of load one below the other. */
public final class ResultTable {
    private static final List<String> HEAD = List.of(
            "target",
            "workload",
            "clients",
            "ops/s",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "max ms",
            "server CPU s/10k",
            "client CPU s/10k",
            "RSS MiB",
            "errors");

    private ResultTable() {}

    /** A Markdown table, one row per result. */
    public static String of(List<LoadResult> results) {
        List<List<String>> rows = new ArrayList<>();
        for (LoadResult r : results) {
            Histogram all = r.counts().all();
            rows.add(List.of(
                    r.target(),
                    r.spec().workload().word(),
                    Integer.toString(r.spec().clients()),
                    Numbers.whole(r.opsPerSecond()),
                    Numbers.ms(all.getValueAtPercentile(50)),
                    Numbers.ms(all.getValueAtPercentile(99)),
                    Numbers.ms(all.getValueAtPercentile(99.9)),
                    Numbers.ms(all.getMaxValue()),
                    Numbers.fixed(r.serverCpuPer10k(), 3),
                    Numbers.fixed(r.clientCpuPer10k(), 3),
                    Numbers.mib(r.servers().rssBytes()),
                    errors(r)));
        }
        return Markdown.table(HEAD, rows);
    }

    /** Errors by their words, or 0. */
    public static String errors(LoadResult result) {
        return result.errors() == 0
                ? "0"
                : result.counts().errors().entrySet().stream()
                        .map(e -> e.getValue() + "× " + Outcome.words(e.getKey()))
                        .collect(Collectors.joining(", "));
    }
}
