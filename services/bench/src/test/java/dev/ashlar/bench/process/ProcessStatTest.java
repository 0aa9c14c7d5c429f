package dev.ashlar.bench.process;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ProcessStatTest {
    @Test
    void cpuIsUserPlusSystemTimeWhateverTheNameHolds() {
        String stat = "42 (a) b (c)) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 7 9 20 0 30 0 12345 1000 200";
        assertThat(ProcessStat.cpuSeconds(stat)).isEqualTo(3.0);
    }

    @Test
    void memoryInBytes() {
        assertThat(ProcessStat.bytesOf("Name:\tjava\nVmHWM:\t  20 kB\nVmRSS:\t  10 kB\n", "VmRSS:"))
                .isEqualTo(10_240);
        assertThat(ProcessStat.bytesOf("Name:\tkthreadd\n", "VmRSS:")).isZero();
    }

    @Test
    void thisProcessUsesCpuAndMemoryAndAProcessThatIsGoneUsesNone() {
        ProcessStat.Sample self =
                ProcessStat.sample(List.of(ProcessHandle.current().pid()));
        assertThat(self.cpuSeconds()).isPositive();
        assertThat(self.rssBytes()).isPositive().isLessThanOrEqualTo(self.peakRssBytes());
        assertThat(ProcessStat.sample(List.of(Long.MAX_VALUE))).isEqualTo(new ProcessStat.Sample(0, 0, 0));
    }
}
