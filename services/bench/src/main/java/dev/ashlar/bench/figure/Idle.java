package dev.ashlar.bench.figure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import dev.ashlar.bench.process.AshlarCluster;
import dev.ashlar.bench.process.ProcessStat;
import dev.ashlar.bench.process.ServerProcess;
import dev.ashlar.bench.report.Markdown;
import dev.ashlar.bench.report.Numbers;

/** {@code idle}: CPU that a cluster without any request uses, process by process. */
@Command(
        name = "idle",
        mixinStandardHelpOptions = true,
        description = "Report the CPU of a cluster that nobody asks anything.")
public final class Idle implements Callable<Integer> {
    @Option(names = "--seconds", defaultValue = "60", description = "default ${DEFAULT-VALUE}")
    int seconds;

    @Option(names = "--settle", defaultValue = "30", description = "seconds after the start that do not count")
    int settleSeconds;

    @Mixin
    Scene scene;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (AshlarCluster cluster = scene.start()) {
            TimeUnit.SECONDS.sleep(settleSeconds);
            List<ServerProcess> processes = cluster.processes();
            List<ProcessStat.Sample> before = samples(processes);
            long start = System.nanoTime();
            TimeUnit.SECONDS.sleep(seconds);
            List<ProcessStat.Sample> after = samples(processes);
            double elapsed = (System.nanoTime() - start) / 1e9;
            List<List<String>> rows = new ArrayList<>();
            double sum = 0;
            long rss = 0;
            for (int i = 0; i < processes.size(); i++) {
                ProcessStat.Usage usage = after.get(i).since(before.get(i));
                double percent = usage.cpuSeconds() / elapsed * 100;
                sum += percent;
                rss += usage.rssBytes();
                rows.add(row(processes.get(i).name(), percent, usage.rssBytes()));
            }
            rows.add(row("all", sum, rss));
            ObjectNode json = scene.json("idle");
            json.put("percent_of_a_core", sum);
            json.put("rss_bytes", rss);
            json.put("processes", processes.size());
            scene.publish(json, Markdown.table(List.of("idle", "CPU, % of one core", "RSS MiB"), rows));
            return 0;
        }
    }

    private static List<String> row(String name, double percent, long rss) {
        return List.of(name, Numbers.fixed(percent, 2), Numbers.mib(rss));
    }

    private static List<ProcessStat.Sample> samples(List<ServerProcess> processes) {
        return processes.stream()
                .map(process -> ProcessStat.sample(List.of(process.pid())))
                .toList();
    }
}
