package dev.ashlar.bench.load;

import dev.ashlar.bench.process.ProcessStat;

/**
 * What a run showed.
 *
 * @param seconds counted time
 * @param counts latencies and errors of the counted time
 * @param clientCpuSeconds CPU of this process (the load generator) in the counted time
 * @param servers CPU and memory of the server processes; zero when no process ids were given
 */
public record LoadResult(
        String target,
        LoadSpec spec,
        double seconds,
        Counts counts,
        double clientCpuSeconds,
        ProcessStat.Usage servers) {
    /** Successful operations. */
    public long operations() {
        return counts.reads().getTotalCount() + counts.writes().getTotalCount();
    }

    /** Failed operations. */
    public long errors() {
        return counts.errors().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Successful operations per second. */
    public double opsPerSecond() {
        return operations() / seconds;
    }

    /** CPU seconds of all server processes per 10,000 successful operations. */
    public double serverCpuPer10k() {
        return per10k(servers.cpuSeconds());
    }

    /** CPU seconds of the load generator per 10,000 successful operations. */
    public double clientCpuPer10k() {
        return per10k(clientCpuSeconds);
    }

    private double per10k(double cpuSeconds) {
        return operations() == 0 ? 0 : cpuSeconds * 10_000 / operations();
    }
}
