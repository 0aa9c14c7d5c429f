package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.raft.SnapshotFiles;

import static dev.ashlar.store.kv.KvFixture.delete;
import static dev.ashlar.store.kv.KvFixture.put;
import static org.assertj.core.api.Assertions.assertThat;

class KvApplyTest {
    private static final KvResult NOT_FOUND = new KvResult.NotFound();

    private KvFixture kv;

    @BeforeEach
    void open() throws IOException {
        kv = new KvFixture();
    }

    @AfterEach
    void close() throws IOException {
        kv.close();
    }

    @Test
    void revisionsAreGaplessAndOnlyMutationsTakeOne() throws IOException {
        assertThat(kv.one(put("a", "1"))).isEqualTo(written(1, true));
        assertThat(kv.one(put("a", "2"))).isEqualTo(written(2, false));
        assertThat(kv.one(put("a", "3", Precondition.ABSENT, 0))).isEqualTo(failed(2));
        assertThat(kv.one(delete("b"))).isEqualTo(NOT_FOUND);
        assertThat(kv.one(delete("a"))).isEqualTo(new KvResult.Deleted(3));
        assertThat(kv.one(put("a", "4"))).isEqualTo(written(4, true));
        assertThat(kv.shard.revision()).isEqualTo(4);
        Item item = kv.shard.get("a").orElseThrow();
        assertThat(item.revision()).isEqualTo(4);
        assertThat(item.createRevision()).isEqualTo(4);
    }

    /** What is remembered of keys must not outlive the state it was read from. */
    @Test
    void aSnapshotReplacesWhatWasKnownOfKeys() throws IOException {
        kv.apply(put("a", "1"), put("b", "1"));
        List<KvSubmission> elsewhere = new ArrayList<>();
        for (KvCommand command : List.of(put("a", "1"), put("a", "2"), put("a", "3"), put("c", "4"))) {
            elsewhere.add(kv.submission(command, Optional.empty(), new ArrayList<>()));
        }
        try (KvStateMachine other = kv.open("other")) {
            other.apply(KvFixture.entry(9, elsewhere));
            other.endOfTurn();
            try (SnapshotFiles files = other.snapshot()) {
                kv.shard.install(files.directory());
            }
        }
        kv.index = kv.shard.appliedIndex();
        assertThat(kv.one(put("a", "5", new Precondition.AtRevision(3), 0))).isEqualTo(written(5, false));
        assertThat(kv.one(put("b", "6", Precondition.ABSENT, 0))).isEqualTo(written(6, true));
    }

    @Test
    void createRevisionStaysUntilTheKeyIsDeleted() throws IOException {
        kv.apply(put("x", "0"), put("a", "1"), put("a", "2"), put("a", "3"));
        assertThat(kv.shard.get("a").orElseThrow().createRevision()).isEqualTo(2);
        assertThat(kv.shard.get("a").orElseThrow().revision()).isEqualTo(4);
    }

    @Test
    void everyPreconditionOnAnAbsentAndOnAPresentKey() throws IOException {
        Precondition atOne = new Precondition.AtRevision(1);
        Precondition atTwo = new Precondition.AtRevision(2);
        assertThat(kv.one(put("a", "", Precondition.EXISTS, 0))).isEqualTo(failed(0));
        assertThat(kv.one(put("a", "", atOne, 0))).isEqualTo(failed(0));
        assertThat(kv.one(new KvCommand.Delete("a", Precondition.EXISTS))).isEqualTo(failed(0));
        assertThat(kv.one(new KvCommand.Delete("a", atOne))).isEqualTo(failed(0));
        assertThat(kv.one(new KvCommand.Delete("a", Precondition.ABSENT))).isEqualTo(NOT_FOUND);

        assertThat(kv.one(put("a", "", Precondition.ABSENT, 0))).isEqualTo(written(1, true));
        assertThat(kv.one(put("a", "", atTwo, 0))).isEqualTo(failed(1));
        assertThat(kv.one(new KvCommand.Delete("a", atTwo))).isEqualTo(failed(1));
        assertThat(kv.one(new KvCommand.Delete("a", Precondition.ABSENT))).isEqualTo(failed(1));
        assertThat(kv.one(put("a", "", atOne, 0))).isEqualTo(written(2, false));
        assertThat(kv.one(put("a", "", Precondition.EXISTS, 0))).isEqualTo(written(3, false));
        assertThat(kv.one(new KvCommand.Delete("a", new Precondition.AtRevision(3))))
                .isEqualTo(new KvResult.Deleted(4));
    }

    @Test
    void preconditionsSeeWhatTheSameTurnDidBefore() throws IOException {
        List<KvResult> results = kv.apply(
                put("a", "1", Precondition.ABSENT, 0),
                put("a", "2", Precondition.ABSENT, 0),
                put("a", "3", new Precondition.AtRevision(1), 0),
                put("a", "4", new Precondition.AtRevision(1), 0),
                delete("a"),
                delete("a"),
                put("a", "5", Precondition.ABSENT, 0));
        assertThat(results)
                .containsExactly(
                        written(1, true),
                        failed(1),
                        written(2, false),
                        failed(2),
                        new KvResult.Deleted(3),
                        NOT_FOUND,
                        written(4, true));
        assertThat(kv.value("a")).isEqualTo("5");
    }

    @Test
    void readersSeeNothingOfATurnBeforeItsEnd() throws IOException {
        kv.shard.apply(KvFixture.entry(
                1, List.of(kv.submission(put("a", "1"), java.util.Optional.empty(), new java.util.ArrayList<>()))));
        assertThat(kv.value("a")).isEqualTo("absent");
        assertThat(kv.shard.revision()).isZero();
        kv.shard.endOfTurn();
        assertThat(kv.value("a")).isEqualTo("1");
        assertThat(kv.shard.revision()).isEqualTo(1);
    }

    @Test
    void valuesAndContentTypesComeBackAsTheyWereWritten() throws IOException {
        byte[] large = new byte[1 << 20];
        new java.util.Random(7).nextBytes(large);
        for (String type : List.of(ContentTypes.DEFAULT, "text/plain", "x/" + "y".repeat(254))) {
            for (byte[] value : List.of(new byte[0], new byte[] {0}, large)) {
                kv.one(new KvCommand.Put("k", value, type, Precondition.NONE, 5000));
                Item item = kv.shard.get("k").orElseThrow();
                assertThat(item.value()).isEqualTo(value);
                assertThat(item.contentType()).isEqualTo(type);
                assertThat(item.expiresAtMs()).isEqualTo(kv.nowMs + 5000);
            }
        }
    }

    @Test
    void anUnknownCommandChangesNothing() throws IOException {
        kv.one(put("a", "1"));
        long before = kv.shard.checksum().checksum();
        kv.shard.apply(new dev.ashlar.raft.LogEntry(++kv.index, List.of(new byte[] {9, 9}, new byte[0]), List.of()));
        kv.shard.endOfTurn();
        assertThat(kv.shard.checksum().checksum()).isEqualTo(before);
        assertThat(kv.shard.appliedIndex()).isEqualTo(2);
    }

    private static KvResult written(long revision, boolean created) {
        return new KvResult.Written(revision, created);
    }

    private static KvResult failed(long current) {
        return new KvResult.PreconditionFailed(current, current != 0);
    }
}
