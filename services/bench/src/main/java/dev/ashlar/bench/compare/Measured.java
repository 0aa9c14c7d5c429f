package dev.ashlar.bench.compare;

import java.util.List;

import dev.ashlar.bench.load.Counts;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.process.ProcessStat;

/** All rounds of one target, workload and number of clients taken together. */
public record Measured(String target, Workload workload, int clients, LoadResult sum) {
    /** Adds up the rounds: operations, time and CPU are summed, latencies merged, memory is the largest. */
    public static Measured of(List<LoadResult> rounds) {
        LoadResult first = rounds.getFirst();
        Counts counts = new Counts();
        double seconds = 0;
        double clientCpu = 0;
        double serverCpu = 0;
        long rss = 0;
        long peak = 0;
        for (LoadResult round : rounds) {
            counts.add(round.counts());
            seconds += round.seconds();
            clientCpu += round.clientCpuSeconds();
            serverCpu += round.servers().cpuSeconds();
            rss = Math.max(rss, round.servers().rssBytes());
            peak = Math.max(peak, round.servers().peakRssBytes());
        }
        LoadResult sum = new LoadResult(
                first.target(), first.spec(), seconds, counts, clientCpu, new ProcessStat.Usage(serverCpu, rss, peak));
        return new Measured(
                first.target(), first.spec().workload(), first.spec().clients(), sum);
    }

    long p99Nanos() {
        return sum.counts().all().getValueAtPercentile(99);
    }
}
