package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import dev.ashlar.raft.Command;
import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.state.StateChecksum;

import static org.assertj.core.api.Assertions.assertThat;

/** S3: at a verify command every replica takes its checksum at the same place, wherever its turns end. */
class KvVerifyTest {
    private static final KvCallback NOBODY = new KvCallback() {
        @Override
        public void applied(KvResult result) {}

        @Override
        public void failed(Command.Failure failure) {
            throw new AssertionError("failed: " + failure);
        }
    };

    private static LogEntry verify(long index) {
        return new LogEntry(index, List.of(new VerifyCommand().bytes()), List.of());
    }

    @Property(tries = 10)
    void replicasWithOtherTurnsGiveTheSameChecksum(@ForAll long seed) throws IOException {
        Random turns = new Random(seed);
        try (KvFixture kv = new KvFixture(6, 2000);
                KvStateMachine follower = kv.open("follower")) {
            List<List<KvSubmission>> entries = new Samples(seed).entries(30, NOBODY);
            int verifyAt = 10 + turns.nextInt(10);
            long index = 0;
            for (int i = 0; i < entries.size(); i++) {
                LogEntry entry = KvFixture.entry(++index, entries.get(i));
                kv.shard.apply(entry);
                kv.shard.endOfTurn();
                follower.apply(new LogEntry(entry.index(), entry.commands(), List.of()));
                if (i == verifyAt) {
                    LogEntry verify = verify(++index);
                    kv.shard.apply(verify);
                    follower.apply(verify);
                }
            }
            kv.shard.endOfTurn();
            follower.endOfTurn();
            try (KvView one = kv.shard.takeVerification().orElseThrow();
                    KvView other = follower.takeVerification().orElseThrow()) {
                assertThat(one.index()).isEqualTo(verifyAt + 2).isEqualTo(other.index());
                assertThat(one.revision()).isEqualTo(other.revision());
                StateChecksum sum = one.checksum(bytes -> {});
                assertThat(other.checksum(bytes -> {}).checksum()).isEqualTo(sum.checksum());
                assertThat(sum).isNotEqualTo(kv.shard.checksum());
            }
        }
    }

    /** Negative control: a row that differs by one byte gives another checksum. */
    @Example
    void anotherByteGivesAnotherChecksum() throws IOException {
        try (KvFixture kv = new KvFixture();
                KvStateMachine other = kv.open("other")) {
            kv.shard.apply(KvFixture.entry(1, submissions(KvFixture.put("a", "1"))));
            other.apply(new LogEntry(
                    1,
                    submissions(KvFixture.put("a", "2")).stream()
                            .map(KvSubmission::bytes)
                            .toList(),
                    List.of()));
            kv.shard.apply(verify(2));
            other.apply(verify(2));
            try (KvView one = kv.shard.takeVerification().orElseThrow();
                    KvView two = other.takeVerification().orElseThrow()) {
                assertThat(one.checksum(bytes -> {}).checksum())
                        .isNotEqualTo(two.checksum(bytes -> {}).checksum());
            }
            kv.shard.endOfTurn();
            other.endOfTurn();
        }
    }

    @Example
    void itChangesNothingAndOneIsKeptUntilItIsTaken() throws IOException {
        try (KvFixture kv = new KvFixture()) {
            kv.one(KvFixture.put("a", "1"));
            StateChecksum before = kv.shard.checksum();
            for (int i = 0; i < 3; i++) {
                kv.shard.apply(verify(++kv.index));
                kv.shard.endOfTurn();
            }
            assertThat(kv.shard.checksum().checksum()).isEqualTo(before.checksum());
            assertThat(kv.shard.revision()).isEqualTo(1);
            try (KvView first = kv.shard.takeVerification().orElseThrow()) {
                assertThat(first.index()).isEqualTo(2);
            }
            assertThat(kv.shard.takeVerification()).isEqualTo(Optional.empty());
        }
    }

    private static List<KvSubmission> submissions(KvCommand command) {
        List<KvSubmission> all = new ArrayList<>();
        all.add(KvSubmission.of(command, KvFixture.START_MS, Optional.empty(), NOBODY));
        return all;
    }
}
