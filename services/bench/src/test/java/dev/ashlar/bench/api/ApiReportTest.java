package dev.ashlar.bench.api;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.bench.compare.Measured;
import dev.ashlar.bench.load.Counts;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.process.ProcessStat;
import dev.ashlar.bench.watch.Deliveries;

import static org.assertj.core.api.Assertions.assertThat;

class ApiReportTest {
    private static LoadResult result(String target, Workload workload, int operations) {
        Counts counts = new Counts();
        for (int i = 0; i < operations; i++) {
            counts.writes().recordValue(2_000_000);
        }
        return new LoadResult(
                target,
                LoadSpec.of(workload, 16, Duration.ZERO, Duration.ofSeconds(1)),
                1,
                counts,
                0.1,
                new ProcessStat.Usage(0.5, 100 << 20, 200 << 20));
    }

    private static Measured measured(String target, Workload workload, int operations) {
        return Measured.of(List.of(result(target, workload, operations)));
    }

    private static Watching.Seen seen(String target, long lastNanos, boolean complete, long moreMib) {
        Deliveries deliveries = new Deliveries(2, 0, 1);
        deliveries.delivered(0, 1_000_000);
        if (complete) {
            deliveries.delivered(0, lastNanos);
        }
        return new Watching.Seen(
                target,
                result(target, Workload.LOAD, 10),
                deliveries,
                new long[] {100L << 20, 100L << 20, 100L << 20},
                new long[] {100L << 20, 100L << 20, (100 + moreMib) << 20},
                500);
    }

    @Test
    void aimsAreHeldAgainstWhatWasSeen() {
        String text = new ApiReport(
                        List.of("ashlar-6"),
                        List.of(
                                measured("ashlar-6", Workload.PUT, 1_000),
                                measured("ashlar-6", Workload.TXN, 700),
                                measured(ApiReport.ETCD, Workload.TXN, 300),
                                measured(ApiReport.ETCD_LEADER, Workload.TXN, 500),
                                measured("ashlar-6", Workload.LOCK, 900),
                                measured(ApiReport.ETCD_SESSIONS, Workload.LOCK, 300)),
                        List.of(),
                        List.of(
                                measured(ApiReport.OFF, Workload.PUT, 1_000),
                                measured(ApiReport.ON, Workload.PUT, 940)))
                .text();
        assertThat(text)
                .containsPattern("txn ÷ own put, 16 clients: ≥ 0.6× +\\| +0.70× .* met \\|")
                .containsPattern("txn ÷ etcd-grpc, 16 clients: ≥ 2× +\\| +2.33× .* met \\|")
                .containsPattern("txn ÷ etcd-grpc-leader, 16 clients: ≥ 2× +\\| +1.40× .*missed")
                .containsPattern("lock ÷ etcd-sessions, 16 clients: ≥ 2× +\\| +3.00× .* met \\|")
                .containsPattern("tokens on ÷ off, put, 16 clients: ≥ 0.95× +\\| +0.940× .*missed")
                .contains("**Transactions**", "**Locks", "**Tokens**")
                .doesNotContain("**Watches**", "lock ÷ etcd-grpc,");
    }

    @Test
    void watchMissesItsAimByTimeByMemoryAndByALostEvent() {
        String text = new ApiReport(
                        List.of("ashlar-6"),
                        List.of(),
                        List.of(
                                seen("ashlar-6", 30_000_000, true, 10),
                                seen("etcd-grpc", 30_000_000, true, 10),
                                seen("ashlar-6", 60_000_000, true, 151),
                                seen("ashlar-6", 30_000_000, false, 10)),
                        List.of())
                .text();
        assertThat(text)
                .containsPattern("watch, round 1, .* 30.0 ms .* met \\|")
                .containsPattern("watch, round 1, RSS .* 10 MiB .* met \\|")
                .containsPattern("watch, round 2, .* 60.* ms .*missed")
                .containsPattern("watch, round 2, RSS .* 151 MiB .*missed")
                .containsPattern("watch, round 3, 2 watchers, .*missed")
                .contains("100 → 251");
    }
}
