package dev.ashlar.bench.compare;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.bench.load.Counts;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.process.ProcessStat;

import static org.assertj.core.api.Assertions.assertThat;

class ReportTest {
    private static LoadResult result(String target, int operations, double cpuSeconds, long nanos) {
        Counts counts = new Counts();
        for (int i = 0; i < operations; i++) {
            counts.writes().recordValue(nanos);
        }
        return new LoadResult(
                target,
                LoadSpec.of(Workload.PUT, 16, Duration.ZERO, Duration.ofSeconds(1)),
                1,
                counts,
                0.1,
                new ProcessStat.Usage(cpuSeconds, 100 << 20, 200 << 20));
    }

    @Test
    void roundsAreAddedUpAndRatiosFormed() {
        Measured ours = Measured.of(
                List.of(result("ashlar-6", 3_000, 0.3, 2_000_000), result("ashlar-6", 5_000, 0.5, 2_000_000)));
        Measured theirs = Measured.of(List.of(result("etcd-grpc", 2_000, 0.8, 8_000_000)));
        assertThat(ours.sum().opsPerSecond()).isEqualTo(4_000);
        assertThat(ours.sum().serverCpuPer10k()).isEqualTo(1.0);
        Report report = new Report(List.of(ours, theirs));
        assertThat(report.ratios("ashlar-6", "etcd-grpc")).contains("put, 16", "2.00×", "0.25×");
        assertThat(report.ratios("ashlar-6", "etcd-json")).isEmpty();
        assertThat(report.details()).contains("| ashlar-6", "| etcd-grpc");
        assertThat(report.chart()).contains("put: operations per second");
    }
}
