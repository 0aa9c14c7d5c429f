package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.List;
import java.util.Random;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import dev.ashlar.raft.Command;
import dev.ashlar.raft.LogEntry;

import static org.assertj.core.api.Assertions.assertThat;

/** S3: the same entries give the same bytes, however the turns fall and wherever a crash takes the state back to. */
class KvDeterminismTest {
    private static final int ENTRIES = 60;

    private static final KvCallback NOBODY = new KvCallback() {
        @Override
        public void applied(KvResult result) {}

        @Override
        public void failed(Command.Failure failure) {
            throw new AssertionError("failed: " + failure);
        }
    };

    @Property(tries = 15)
    void theSameEntriesGiveTheSameBytesInAnyTurns(@ForAll long seed) throws IOException {
        Random turns = new Random(seed + 1);
        try (KvFixture kv = new KvFixture(6, 2000);
                KvStateMachine follower = kv.open("follower")) {
            List<List<KvSubmission>> entries = new Samples(seed).entries(ENTRIES, NOBODY);
            for (int i = 0; i < entries.size(); i++) {
                LogEntry entry = KvFixture.entry(i + 1, entries.get(i));
                kv.shard.apply(entry);
                kv.shard.endOfTurn();
                // A follower sees bytes alone.
                follower.apply(new LogEntry(entry.index(), entry.commands(), List.of()));
                if (turns.nextInt(5) == 0) {
                    follower.endOfTurn();
                }
            }
            follower.endOfTurn();
            assertThat(follower.checksum()).isEqualTo(kv.shard.checksum());
            assertThat(follower.itemsChecksum()).isEqualTo(kv.shard.itemsChecksum());
            assertThat(follower.revision()).isEqualTo(kv.shard.revision());
            assertThat(kv.shard.itemsChecksum().revision()).isEqualTo(kv.shard.revision());
        }
    }

    @Property(tries = 12)
    void aCrashAnywhereAndTheReplayOfTheLogGiveTheSameBytes(@ForAll long seed) throws IOException {
        Random faults = new Random(seed + 2);
        try (KvFixture kv = new KvFixture(6, 2000)) {
            List<List<KvSubmission>> entries = new Samples(seed).entries(ENTRIES, NOBODY);
            int crashAt = faults.nextInt(ENTRIES);
            long durableAtCrash = 0;
            for (int i = 0; i < entries.size(); i++) {
                kv.shard.apply(KvFixture.entry(i + 1, entries.get(i)));
                if (faults.nextInt(4) != 0) {
                    kv.shard.endOfTurn();
                }
                if (faults.nextInt(10) == 0) {
                    // A snapshot flushes on this thread, so the files are at rest when they are copied.
                    kv.shard.snapshot().close();
                }
                if (i == crashAt) {
                    durableAtCrash = kv.shard.durableIndex();
                    kv.copyAsAfterCrash("crashed");
                }
            }
            kv.shard.endOfTurn();
            try (KvStateMachine crashed = kv.open("crashed")) {
                assertThat(crashed.appliedIndex()).isBetween(durableAtCrash, crashAt + 1L);
                for (long index = crashed.appliedIndex() + 1; index <= ENTRIES; index++) {
                    LogEntry entry = KvFixture.entry(index, entries.get((int) index - 1));
                    crashed.apply(new LogEntry(index, entry.commands(), List.of()));
                }
                crashed.endOfTurn();
                assertThat(crashed.checksum()).isEqualTo(kv.shard.checksum());
                assertThat(crashed.revision()).isEqualTo(kv.shard.revision());
            }
        }
    }
}
