package dev.ashlar.bench.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.report.BarChart;
import dev.ashlar.bench.report.Markdown;
import dev.ashlar.bench.report.Numbers;
import dev.ashlar.bench.report.ResultTable;

/** The tables and the chart of a comparison. */
public final class Report {
    private final List<Measured> all;
    private final List<String> targets;
    private final List<Workload> workloads;
    private final List<Integer> clients;

    /** Order of targets, workloads and clients is that of first appearance. */
    public Report(List<Measured> all) {
        this.all = List.copyOf(all);
        targets = all.stream().map(Measured::target).distinct().toList();
        workloads = all.stream().map(Measured::workload).distinct().toList();
        clients = all.stream().map(Measured::clients).distinct().sorted().toList();
    }

    private Optional<Measured> find(String target, Workload workload, int n) {
        return all.stream()
                .filter(m -> m.target().equals(target) && m.workload() == workload && m.clients() == n)
                .findFirst();
    }

    /** {@code subject} divided by {@code baseline}: throughput, p99 and CPU, one row for each workload and number of clients; empty when either was not measured. */
    public String ratios(String subject, String baseline) {
        if (!targets.contains(subject) || !targets.contains(baseline)) {
            return "";
        }
        List<List<String>> rows = new ArrayList<>();
        for (Workload workload : workloads) {
            for (int n : clients) {
                Optional<Measured> a = find(subject, workload, n);
                Optional<Measured> b = find(baseline, workload, n);
                if (a.isPresent() && b.isPresent()) {
                    rows.add(ratioRow(workload, n, a.get(), b.get()));
                }
            }
        }
        List<String> head = List.of(
                "workload, clients",
                subject + " ops/s",
                baseline + " ops/s",
                "ops/s",
                "p99",
                "server CPU per operation");
        return "**" + subject + " ÷ " + baseline + "**\n\n" + Markdown.table(head, rows) + "\n";
    }

    private static List<String> ratioRow(Workload workload, int n, Measured a, Measured b) {
        LoadResult x = a.sum();
        LoadResult y = b.sum();
        return List.of(
                workload.word() + ", " + n,
                Numbers.whole(x.opsPerSecond()),
                Numbers.whole(y.opsPerSecond()),
                Numbers.times(x.opsPerSecond() / y.opsPerSecond()),
                Numbers.times((double) a.p99Nanos() / b.p99Nanos()),
                Numbers.times(x.serverCpuPer10k() / y.serverCpuPer10k()));
    }

    /** Every figure of every target. */
    public String details() {
        List<LoadResult> ordered = new ArrayList<>();
        for (Workload workload : workloads) {
            for (int n : clients) {
                for (String target : targets) {
                    find(target, workload, n).ifPresent(m -> ordered.add(m.sum()));
                }
            }
        }
        return ResultTable.of(ordered);
    }

    /** Throughput on the left, CPU per 10,000 operations on the right, one row of panels per workload. */
    public String chart() {
        List<String> labels =
                clients.stream().map(n -> n + (n == 1 ? " client" : " clients")).toList();
        List<BarChart.Panel> panels = new ArrayList<>();
        for (Workload workload : workloads) {
            List<List<Double>> ops = series(workload, LoadResult::opsPerSecond);
            List<List<Double>> cpu = series(workload, LoadResult::serverCpuPer10k);
            panels.add(new BarChart.Panel(workload.word() + ": operations per second", labels, ops, 0));
            panels.add(
                    new BarChart.Panel(workload.word() + ": server CPU seconds per 10,000 operations", labels, cpu, 2));
        }
        return BarChart.svg(targets, panels, 2);
    }

    /** One row per target, one column per number of clients; 0 for what was not measured. */
    private List<List<Double>> series(Workload workload, ToDoubleFunction<LoadResult> figure) {
        return targets.stream()
                .map(target -> clients.stream()
                        .map(n -> find(target, workload, n)
                                .map(m -> figure.applyAsDouble(m.sum()))
                                .orElse(0.0))
                        .toList())
                .toList();
    }
}
