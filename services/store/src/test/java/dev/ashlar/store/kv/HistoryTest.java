package dev.ashlar.store.kv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.Options;
import org.rocksdb.PerfContext;
import org.rocksdb.PerfLevel;
import org.rocksdb.RocksDB;

import dev.ashlar.raft.Command;

import static org.assertj.core.api.Assertions.assertThat;

/** The history holds one event for each revision, as far back as its window goes. */
class HistoryTest {
    private static final KvCallback NOBODY = new KvCallback() {
        @Override
        public void applied(KvResult result) {}

        @Override
        public void failed(Command.Failure failure) {
            throw new AssertionError(failure);
        }
    };

    private static List<String> events(KvStateMachine shard, long after) throws IOException {
        HistoryRows rows = shard.history(after, 1 << 20);
        assertThat(rows.compacted()).isFalse();
        assertThat(HistoryRows.decode(rows.encode()).orElseThrow().after(after)).hasSameSizeAs(rows.after(after));
        return rows.after(after).stream()
                .map(event -> event.revision() + " " + event.kind() + " " + event.key()
                        + event.item()
                                .map(item -> "=" + new String(item.value(), StandardCharsets.UTF_8))
                                .orElse(""))
                .toList();
    }

    @Test
    void tellsEveryMutationInOrder() throws IOException {
        try (KvFixture kv = new KvFixture()) {
            kv.apply(KvFixture.put("a", "1"), KvFixture.put("b", "2"), KvFixture.delete("none"));
            kv.apply(KvFixture.delete("a"), new KvCommand.Lock("l", "me", 5_000), new KvCommand.Unlock("l", "me"));
            kv.apply(new KvCommand.DeleteRange("b", "", 0));
            assertThat(events(kv.shard, 0))
                    .containsExactly(
                            "1 PUT a=1", "2 PUT b=2", "3 DELETE a", "4 LOCKED l", "5 UNLOCKED l", "6 DELETE b");
            assertThat(events(kv.shard, 1)).hasSize(5).first().isEqualTo("2 PUT b=2");
            assertThat(events(kv.shard, 6)).isEmpty();
            assertThat(events(kv.shard, 99)).isEmpty();
            kv.reopen();
            assertThat(events(kv.shard, 4)).containsExactly("5 UNLOCKED l", "6 DELETE b");
        }
    }

    /** The rows behind the newest one in the database: its reader went on to the next row that is left. */
    @Test
    void aReaderOfTheNewestEventsDoesNotWalkOverReleasedLocks(@TempDir Path directory) throws Exception {
        int locks = 1_000;
        try (KvFixture kv = new KvFixture();
                Options options = new Options().setCreateIfMissing(true);
                RocksDB counter = RocksDB.open(options, directory.toString())) {
            for (int i = 0; i < locks; i++) {
                kv.apply(new KvCommand.Lock("l" + i, "me", 5_000), new KvCommand.Unlock("l" + i, "me"));
            }
            kv.apply(KvFixture.put("k", "v"));
            counter.setPerfLevel(PerfLevel.ENABLE_COUNT);
            PerfContext counts = counter.getPerfContext();
            try {
                counts.reset();
                assertThat(events(kv.shard, 2 * locks)).hasSize(1);
                assertThat(counts.getInternalDeleteSkippedCount()).isZero();
                kv.shard.nextExpiryMs();
                assertThat(counts.getInternalDeleteSkippedCount())
                        .as("the counter counts")
                        .isPositive();
            } finally {
                counter.setPerfLevel(PerfLevel.DISABLE);
                counts.close();
            }
        }
    }

    @Test
    void keepsTheNewestUpToANumber() throws IOException {
        try (KvFixture kv = new KvFixture(6, 3_600_000)) {
            for (int i = 1; i <= 100; i++) {
                kv.apply(KvFixture.put("k", "v" + i));
            }
            assertThat(kv.shard.historyFirst()).isEqualTo(71);
            assertThat(events(kv.shard, 70)).hasSize(30).first().isEqualTo("71 PUT k=v71");
            assertThat(kv.shard.history(69, 1 << 20).compacted()).isTrue();
            assertThat(kv.shard.history(0, 1 << 20).compacted()).isTrue();
        }
    }

    @Test
    void keepsTheNewestUpToASize() throws IOException {
        try (KvFixture kv = new KvFixture()) {
            String value = "x".repeat(6_000);
            for (int i = 1; i <= 10; i++) {
                kv.apply(KvFixture.put("k", value));
            }
            assertThat(kv.shard.historyFirst()).isEqualTo(8);
            kv.apply(KvFixture.put("k", "x".repeat(50_000)));
            assertThat(kv.shard.historyFirst()).isEqualTo(11);
        }
    }

    @Test
    void forgetsWhatIsTooOldWhenSomethingIsWritten() throws IOException {
        try (KvFixture kv = new KvFixture(1000, 60_000)) {
            kv.apply(KvFixture.put("a", "1"));
            kv.nowMs += 59_999;
            kv.apply(KvFixture.put("a", "2"));
            assertThat(events(kv.shard, 0)).hasSize(2);
            kv.nowMs += 1;
            kv.apply(KvFixture.put("a", "3"));
            assertThat(kv.shard.historyFirst()).isEqualTo(2);
        }
    }

    @Property(tries = 15)
    void hasOneEventForEveryRevisionSinceItsFirst(@ForAll long seed) throws IOException {
        try (KvFixture kv = new KvFixture(6, 4_000)) {
            for (List<KvSubmission> entry : new Samples(seed).entries(80, NOBODY)) {
                kv.run(entry);
                if (seed % 7 == 0 && kv.index % 20 == 0) {
                    kv.reopen();
                }
                long first = kv.shard.historyFirst();
                if (first > 0) {
                    List<HistoryEvent> all =
                            kv.shard.history(first - 1, 1 << 20).after(first - 1);
                    assertThat(all).hasSize((int) (kv.shard.revision() - first + 1));
                    for (int i = 0; i < all.size(); i++) {
                        assertThat(all.get(i).revision()).isEqualTo(first + i);
                    }
                }
            }
        }
    }
}
