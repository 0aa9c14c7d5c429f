package dev.ashlar.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** CPU time and memory of processes from Linux' /proc. A process that is gone counts as zero. */
public final class ProcessStat {
    /** Clock ticks per second in /proc: 100 on every Linux that user space sees (USER_HZ). */
    private static final double TICKS_PER_SECOND = 100;

    private ProcessStat() {}

    /**
     * What several processes have used since they started.
     *
     * @param cpuSeconds user and system time of all
     * @param rssBytes resident memory of all, now
     * @param peakRssBytes the sum of each one's peak since its start
     */
    public record Sample(double cpuSeconds, long rssBytes, long peakRssBytes) {
        /** CPU used since {@code earlier}, memory as of now. */
        public Usage since(Sample earlier) {
            return new Usage(cpuSeconds - earlier.cpuSeconds, rssBytes, peakRssBytes);
        }
    }

    /** CPU seconds of an interval and the memory at its end, of all processes together. */
    public record Usage(double cpuSeconds, long rssBytes, long peakRssBytes) {}

    /** Reads all of {@code pids}. */
    public static Sample sample(List<Long> pids) {
        double cpu = 0;
        long rss = 0;
        long peak = 0;
        for (long pid : pids) {
            Path dir = Path.of("/proc", Long.toString(pid));
            cpu += read(dir.resolve("stat")).map(ProcessStat::cpuSeconds).orElse(0.0);
            String status = read(dir.resolve("status")).orElse("");
            rss += bytesOf(status, "VmRSS:");
            peak += bytesOf(status, "VmHWM:");
        }
        return new Sample(cpu, rss, peak);
    }

    /** CPU seconds of this Java process since it started. */
    public static double cpuSecondsOfThisProcess() {
        return sample(List.of(ProcessHandle.current().pid())).cpuSeconds();
    }

    /** utime + stime of a /proc/PID/stat line; the name in brackets may hold spaces and brackets. */
    static double cpuSeconds(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ", -1);
        // Field 3 (state) is the first after the name: utime is field 14, stime field 15.
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    /** A "Name:  123 kB" line of /proc/PID/status in bytes; 0 when it is absent. */
    static long bytesOf(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
