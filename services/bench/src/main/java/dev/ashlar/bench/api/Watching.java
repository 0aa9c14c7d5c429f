package dev.ashlar.bench.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.HdrHistogram.Histogram;

import dev.ashlar.bench.figure.RssSampler;
import dev.ashlar.bench.figure.Scene;
import dev.ashlar.bench.load.LoadGenerator;
import dev.ashlar.bench.load.LoadResult;
import dev.ashlar.bench.load.LoadSpec;
import dev.ashlar.bench.load.Payload;
import dev.ashlar.bench.load.Target;
import dev.ashlar.bench.load.Workload;
import dev.ashlar.bench.process.ServerProcess;
import dev.ashlar.bench.report.JsonLines;
import dev.ashlar.bench.report.Numbers;
import dev.ashlar.bench.watch.Deliveries;
import dev.ashlar.bench.watch.WatchedTarget;
import dev.ashlar.bench.watch.Watchers;

/**
 * Writes at a pace, first without watchers, then with them.
 *
 * <ol>
 *   <li>Writes are due at fixed times, whatever the servers do. An event counts from when its write was due: commit and
 *       delivery together, and whatever the load generator itself is late.
 *   <li>Memory is what the servers reach while the same writes come in without a watcher, and with them.
 *   <li>Every write of the counted time must reach every watcher, once.
 * </ol>
 */
final class Watching {
    private static final String PREFIX = "watch/";
    private static final int KEY_BYTES = 24;
    private static final int VALUE_BYTES = 256;
    private static final int IN_FLIGHT = 64;
    /** Writes go on for so long behind the counted ones, whose events are then all there. */
    private static final int BEHIND_SECONDS = 1;

    /**
     * One run.
     *
     * @param rssBefore highest resident memory of each server without watchers, in bytes
     * @param rssWith the same with them
     */
    record Seen(
            String target, LoadResult writes, Deliveries deliveries, long[] rssBefore, long[] rssWith, int perSecond) {
        long moreBytes() {
            return IntStream.range(0, rssWith.length)
                    .mapToLong(i -> rssWith[i] - rssBefore[i])
                    .sum();
        }
    }

    private final int watchers;
    private final int perSecond;
    private final Duration unwatched;
    private final Duration warmUp;
    private final Duration counted;
    private final Path raw;

    Watching(int watchers, int perSecond, Duration unwatched, Duration warmUp, Duration counted, Path raw) {
        this.watchers = watchers;
        this.perSecond = perSecond;
        this.unwatched = unwatched;
        this.warmUp = warmUp;
        this.counted = counted;
        this.raw = raw;
    }

    /** What is watched, for the makers of watchers. */
    static Watchers.Watched watched() {
        return new Watchers.Watched(PREFIX, KEY_BYTES - PREFIX.length(), VALUE_BYTES);
    }

    /** {@code servers} are those whose memory counts, {@code pids} those whose CPU does. */
    Seen run(Target target, Watchers opener, List<ServerProcess> servers, List<Long> pids, int round)
            throws InterruptedException {
        long[] before = highest(servers, () -> writes(target, Duration.ZERO, unwatched, pids));
        int from = Math.toIntExact(warmUp.toSeconds() * perSecond);
        Deliveries deliveries = new Deliveries(watchers, from, from + Math.toIntExact(counted.toSeconds() * perSecond));
        LoadResult[] result = new LoadResult[1];
        long[] with = highest(
                servers,
                () -> result[0] = writes(new WatchedTarget(target, opener, deliveries), warmUp, counted, pids));
        Seen seen = new Seen(target.name(), result[0], deliveries, before, with, perSecond);
        tell(seen, round);
        return seen;
    }

    private LoadResult writes(Target target, Duration first, Duration then, List<Long> pids)
            throws InterruptedException {
        Duration counted = then.plusSeconds(BEHIND_SECONDS);
        Duration whole = first.plus(counted);
        Payload payload =
                Payload.of(PREFIX, Math.toIntExact(whole.toSeconds() * perSecond), KEY_BYTES, VALUE_BYTES, 42);
        return new LoadGenerator(payload)
                .run(
                        target,
                        LoadSpec.of(Workload.LOAD, IN_FLIGHT, first, counted).paced(perSecond),
                        pids);
    }

    private interface Run {
        void run() throws InterruptedException;
    }

    private static long[] highest(List<ServerProcess> servers, Run run) throws InterruptedException {
        try (RssSampler sampler =
                new RssSampler(servers.stream().map(ServerProcess::pid).toList())) {
            run.run();
            return IntStream.range(0, servers.size())
                    .mapToLong(i -> Arrays.stream(sampler.of(i)).max().orElse(0))
                    .toArray();
        }
    }

    private void tell(Seen seen, int round) {
        Histogram each = seen.deliveries().each();
        Histogram last = seen.deliveries().last();
        Histogram puts = seen.writes().counts().writes();
        Scene.say(
                "round %d  %-16s %d watchers: put p50 %s ms, p99 %s ms; %s events, p50 %s ms, p99 %s ms; last watcher p99 %s ms; missing or doubled %d, streams broken %d; %s MiB more; client %s cores"
                        .formatted(
                                round + 1,
                                seen.target(),
                                watchers,
                                Numbers.ms(puts.getValueAtPercentile(50)),
                                Numbers.ms(puts.getValueAtPercentile(99)),
                                Numbers.whole(seen.deliveries().count()),
                                Numbers.ms(each.getValueAtPercentile(50)),
                                Numbers.ms(each.getValueAtPercentile(99)),
                                Numbers.ms(last.getValueAtPercentile(99)),
                                seen.deliveries().wrong(),
                                seen.deliveries().broken(),
                                Numbers.mib(seen.moreBytes()),
                                Numbers.fixed(
                                        seen.writes().clientCpuSeconds()
                                                / seen.writes().seconds(),
                                        2)));
        ObjectNode line = JsonLines.of(seen.writes());
        line.put("round", round);
        line.put("watchers", watchers);
        line.put("events", seen.deliveries().count());
        line.put("events_wrong", seen.deliveries().wrong());
        line.put("event_p50_ms", each.getValueAtPercentile(50) / 1e6);
        line.put("event_p99_ms", each.getValueAtPercentile(99) / 1e6);
        line.put("last_watcher_p50_ms", last.getValueAtPercentile(50) / 1e6);
        line.put("last_watcher_p99_ms", last.getValueAtPercentile(99) / 1e6);
        longs(line.putArray("rss_before_bytes"), seen.rssBefore());
        longs(line.putArray("rss_with_bytes"), seen.rssWith());
        JsonLines.append(raw, line);
    }

    private static void longs(ArrayNode array, long[] values) {
        Arrays.stream(values).forEach(array::add);
    }
}
