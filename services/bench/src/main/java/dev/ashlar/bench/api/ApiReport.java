package dev.ashlar.bench.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.HdrHistogram.Histogram;

import dev.ashlar.bench.compare.Measured;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.report.Markdown;
import dev.ashlar.bench.report.Numbers;
import dev.ashlar.bench.report.ResultTable;

/** What was seen, against the aims, and in full. */
public final class ApiReport {
    static final String ETCD = "etcd-grpc";
    static final String ETCD_LEADER = "etcd-grpc-leader";
    static final String ETCD_SESSIONS = "etcd-sessions";
    static final String OFF = "tokens-off";
    static final String ON = "tokens-on";

    private static final double OF_PUT_MIN = 0.6;
    private static final double OF_ETCD_MIN = 2;
    private static final double EVENT_MS_MAX = 50;
    private static final long MORE_MIB_MAX = 150;
    private static final double TOKENS_MIN = 0.95;

    /** {@code name} is the word of the table for its aim; {@code met} is false when the figure misses it. */
    private record Aim(String name, String seen, boolean met) {}

    private final List<String> ours;
    private final List<Measured> loads;
    private final List<Watching.Seen> watched;
    private final List<Measured> tokens;
    private final List<Aim> aims = new ArrayList<>();

    /**
     * Any of the lists of figures may be empty: then nothing is said about it.
     *
     * @param ours our targets, the one that was watched first
     */
    ApiReport(List<String> ours, List<Measured> loads, List<Watching.Seen> watched, List<Measured> tokens) {
        this.ours = List.copyOf(ours);
        this.loads = loads;
        this.watched = watched;
        this.tokens = tokens;
        for (String subject : ours) {
            for (int n : clients(loads)) {
                ratio(subject, n, Workload.TXN, subject, Workload.PUT, OF_PUT_MIN);
                ratio(subject, n, Workload.TXN, ETCD, Workload.TXN, OF_ETCD_MIN);
                ratio(subject, n, Workload.TXN, ETCD_LEADER, Workload.TXN, OF_ETCD_MIN);
            }
        }
        for (String subject : ours) {
            for (int n : clients(loads)) {
                ratio(subject, n, Workload.LOCK, ETCD, Workload.LOCK, OF_ETCD_MIN);
                ratio(subject, n, Workload.LOCK, ETCD_SESSIONS, Workload.LOCK, OF_ETCD_MIN);
            }
        }
        watched.stream().filter(seen -> ours.contains(seen.target())).forEach(this::watchAims);
        for (Workload workload : List.of(Workload.PUT, Workload.GET)) {
            for (int n : clients(tokens)) {
                tokenAim(workload, n);
            }
        }
    }

    private static List<Integer> clients(List<Measured> measured) {
        return measured.stream().map(Measured::clients).distinct().sorted().toList();
    }

    private static Optional<LoadResult> find(List<Measured> all, String target, Workload workload, int n) {
        return all.stream()
                .filter(m -> m.target().equals(target) && m.workload() == workload && m.clients() == n)
                .map(Measured::sum)
                .findFirst();
    }

    /** {@code subject} by {@code workload} against {@code other} by {@code othersWorkload}. */
    private void ratio(String subject, int n, Workload workload, String other, Workload othersWorkload, double min) {
        Optional<LoadResult> a = find(loads, subject, workload, n);
        Optional<LoadResult> b = find(loads, other, othersWorkload, n);
        if (a.isPresent() && b.isPresent()) {
            double ops = a.get().opsPerSecond() / b.get().opsPerSecond();
            double cpu = a.get().serverCpuPer10k() / b.get().serverCpuPer10k();
            String against = subject.equals(other) ? "own " + othersWorkload.word() : other;
            aims.add(new Aim(
                    "%s, %s ÷ %s, %d clients: ≥ %s×"
                            .formatted(subject, workload.word(), against, n, min == OF_PUT_MIN ? "0.6" : "2"),
                    Numbers.times(ops) + " (p99 " + Numbers.times(p99(a.get()) / p99(b.get())) + ", CPU per operation "
                            + Numbers.times(cpu) + ")",
                    ops >= min));
        }
    }

    private static double p99(LoadResult result) {
        return result.counts().all().getValueAtPercentile(99);
    }

    private void watchAims(Watching.Seen seen) {
        Histogram each = seen.deliveries().each();
        Histogram last = seen.deliveries().last();
        double ms = last.getValueAtPercentile(99) / 1e6;
        long wrong = seen.deliveries().wrong();
        String round = "watch, round " + (1 + ofTarget(seen).indexOf(seen)) + ", ";
        aims.add(new Aim(
                round + seen.deliveries().watchers() + " watchers, " + seen.perSecond()
                        + " writes/s: event at all of them, p99 ≤ 50 ms",
                Numbers.fixed(ms, 1) + " ms (each watcher " + Numbers.ms(each.getValueAtPercentile(99)) + " ms)"
                        + (wrong == 0 ? "" : ", " + Numbers.whole(wrong) + " events late, lost or doubled"),
                ms <= EVENT_MS_MAX && wrong == 0));
        aims.add(new Aim(
                round + "RSS of the stores: ≤ 150 MiB more in sum",
                Numbers.mib(seen.moreBytes()) + " MiB",
                seen.moreBytes() <= MORE_MIB_MAX << 20));
    }

    private List<Watching.Seen> ofTarget(Watching.Seen seen) {
        return watched.stream()
                .filter(other -> other.target().equals(seen.target()))
                .toList();
    }

    private void tokenAim(Workload workload, int n) {
        Optional<LoadResult> off = find(tokens, OFF, workload, n);
        Optional<LoadResult> on = find(tokens, ON, workload, n);
        if (off.isPresent() && on.isPresent()) {
            double ops = on.get().opsPerSecond() / off.get().opsPerSecond();
            double cpu = on.get().serverCpuPer10k() / off.get().serverCpuPer10k();
            aims.add(new Aim(
                    "tokens on ÷ off, " + workload.word() + ", " + n + " clients: ≥ 0.95×",
                    Numbers.fixed(ops, 3) + "× (CPU per operation " + Numbers.times(cpu) + ")",
                    ops >= TOKENS_MIN));
        }
    }

    /** Everything, as Markdown. */
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(Markdown.table(
                List.of("aim", "seen", ""),
                aims.stream()
                        .map(aim -> List.of(aim.name(), aim.seen(), aim.met() ? "met" : "**missed**"))
                        .toList()));
        results(out, "Transactions", loads, List.of(Workload.PUT, Workload.TXN));
        results(out, "Locks: acquire and release are one operation", loads, List.of(Workload.LOCK));
        if (!watched.isEmpty()) {
            out.append("\n**Watches**, ms from when a write was due\n\n").append(watchTable());
            out.append("\n**Memory**: highest RSS in MiB, without and with the watchers\n\n")
                    .append(memoryTable());
        }
        results(out, "Tokens", tokens, List.of(Workload.PUT, Workload.GET));
        return out.toString();
    }

    private static void results(StringBuilder out, String title, List<Measured> from, List<Workload> workloads) {
        List<LoadResult> ordered = new ArrayList<>();
        for (int n : clients(from)) {
            for (Workload workload : workloads) {
                from.stream()
                        .filter(m -> m.clients() == n && m.workload() == workload)
                        .map(Measured::sum)
                        .forEach(ordered::add);
            }
        }
        if (!ordered.isEmpty()) {
            out.append("\n**").append(title).append("**\n\n").append(ResultTable.of(ordered));
        }
    }

    private String watchTable() {
        List<List<String>> rows = new ArrayList<>();
        for (Watching.Seen seen : watched) {
            LoadResult writes = seen.writes();
            Histogram put = writes.counts().writes();
            Histogram each = seen.deliveries().each();
            Histogram last = seen.deliveries().last();
            rows.add(List.of(
                    seen.target(),
                    Integer.toString(seen.deliveries().watchers()),
                    Integer.toString(seen.perSecond()),
                    Numbers.ms(put.getValueAtPercentile(50)) + " / " + Numbers.ms(put.getValueAtPercentile(99)),
                    Numbers.ms(each.getValueAtPercentile(50)) + " / " + Numbers.ms(each.getValueAtPercentile(99)),
                    Numbers.ms(last.getValueAtPercentile(50)) + " / " + Numbers.ms(last.getValueAtPercentile(99)),
                    Long.toString(seen.deliveries().wrong()),
                    cores(writes, result -> result.servers().cpuSeconds()),
                    cores(writes, LoadResult::clientCpuSeconds)));
        }
        return Markdown.table(
                List.of(
                        "target",
                        "watchers",
                        "writes/s",
                        "acknowledged p50 / p99",
                        "event p50 / p99",
                        "last watcher p50 / p99",
                        "late, lost or doubled",
                        "server cores",
                        "client cores"),
                rows);
    }

    private static String cores(LoadResult result, ToDoubleFunction<LoadResult> cpuSeconds) {
        return Numbers.fixed(cpuSeconds.applyAsDouble(result) / result.seconds(), 2);
    }

    private String memoryTable() {
        List<List<String>> rows = new ArrayList<>();
        for (Watching.Seen seen : watched) {
            List<String> row = new ArrayList<>(List.of(seen.target()));
            for (int i = 0; i < seen.rssWith().length; i++) {
                row.add(Numbers.mib(seen.rssBefore()[i]) + " → " + Numbers.mib(seen.rssWith()[i]));
            }
            row.add(Numbers.mib(seen.moreBytes()));
            rows.add(row);
        }
        return Markdown.table(List.of("target", "server 0", "server 1", "server 2", "more in sum"), rows);
    }

    /** The aims, for programs. */
    ObjectNode json(ObjectNode json) {
        ArrayNode all = json.putArray("aims");
        aims.forEach(aim ->
                all.addObject().put("aim", aim.name()).put("seen", aim.seen()).put("met", aim.met()));
        return json;
    }
}
