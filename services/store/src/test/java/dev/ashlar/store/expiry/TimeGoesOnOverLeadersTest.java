package dev.ashlar.store.expiry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.raft.Command;
import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.state.RocksResources;
import dev.ashlar.store.kv.KvCallback;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvStateMachine;
import dev.ashlar.store.kv.KvSubmission;
import dev.ashlar.store.kv.Precondition;
import dev.ashlar.store.kv.RecentMetas;
import dev.ashlar.store.replica.LeaderClock;

import static org.assertj.core.api.Assertions.assertThat;

/** A shard to which nobody writes, and whose leaders come and go: what has a time to live goes, and never early. */
class TimeGoesOnOverLeadersTest {
    private static final long TTL_MS = 60_000;
    private static final long ROUND_MS = 500;
    /** Each leads for so long: less than the time to live. */
    private static final long LEADS_MS = 10_000;

    private final RocksResources resources = new RocksResources(RocksResources.Budget.of(8 << 20, 8 << 20));
    private final AtomicLong nanos = new AtomicLong();
    private Path root;
    private KvStateMachine kv;
    private LeaderClock clock;
    private long index;
    private int term = 1;

    @BeforeEach
    void open() throws IOException {
        root = Files.createTempDirectory("time");
        kv = KvStateMachine.open(resources, new RecentMetas(), root.resolve("state"));
        clock = new LeaderClock(kv::timeMs, () -> 1_800_000_000_000L, nanos::get);
    }

    @AfterEach
    void close() throws IOException {
        kv.close();
        resources.close();
        try (Stream<Path> paths = Files.walk(root)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }

    @Test
    void aTimeToLiveEndsHoweverOftenTheLeaderChanges() throws IOException {
        apply(put("k", TTL_MS));
        long revision = kv.revision();
        long livedMs = 0;
        while (kv.get("k").isPresent() && livedMs < 10 * TTL_MS) {
            livedMs += ROUND_MS;
            nanos.addAndGet(ROUND_MS * 1_000_000);
            if (livedMs % LEADS_MS == 0) {
                term++;
            }
            round();
        }
        assertThat(livedMs)
                .as("never early; each leader may lose what it has not told")
                .isBetween(TTL_MS, 2 * TTL_MS);
        assertThat(kv.revision()).as("only the expiry is a mutation").isEqualTo(revision + 1);
    }

    @Test
    void aLockEndsTooAndEqualStampsAreFew() throws IOException {
        apply(new KvCommand.Lock("l", "me", TTL_MS));
        long livedMs = 0;
        while (kv.nextExpiryMs() != Long.MAX_VALUE && livedMs < 10 * TTL_MS) {
            livedMs += ROUND_MS;
            nanos.addAndGet(ROUND_MS * 1_000_000);
            round();
        }
        assertThat(livedMs).isBetween(TTL_MS, TTL_MS + 2 * ROUND_MS);
        assertThat(index).as("entries of the log").isLessThanOrEqualTo(2 + TTL_MS / Proposals.STAMP_MS);
    }

    @Test
    void withoutATimeToLiveNothingIsWritten() throws IOException {
        apply(put("k", 0));
        nanos.addAndGet(TTL_MS * 1_000_000);
        assertThat(Proposals.of(kv, clock.nowMs(term), 10)).isEmpty();
    }

    @Test
    void whoWritesTellsTheTimeAnyway() throws IOException {
        apply(put("k", TTL_MS));
        nanos.addAndGet(TTL_MS / 2 * 1_000_000);
        assertThat(Proposals.of(kv, clock.nowMs(term), 10)).hasSize(1);
        apply(put("other", 0));
        assertThat(Proposals.of(kv, clock.nowMs(term), 10)).isEmpty();
    }

    private void round() throws IOException {
        for (KvCommand proposed : Proposals.of(kv, clock.nowMs(term), 10)) {
            apply(proposed);
        }
    }

    private void apply(KvCommand command) throws IOException {
        List<KvSubmission> submissions =
                List.of(KvSubmission.of(command, clock.nowMs(term), Optional.empty(), KvCallback.NOBODY));
        kv.apply(new LogEntry(
                ++index, submissions.stream().map(KvSubmission::bytes).toList(), new ArrayList<Command>(submissions)));
        kv.endOfTurn();
    }

    private static KvCommand put(String key, long ttlMs) {
        return new KvCommand.Put(key, new byte[0], "text/plain", Precondition.NONE, ttlMs);
    }
}
