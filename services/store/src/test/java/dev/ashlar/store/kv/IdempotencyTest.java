package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ErrorCode;

import static dev.ashlar.store.kv.KvFixture.delete;
import static dev.ashlar.store.kv.KvFixture.put;
import static org.assertj.core.api.Assertions.assertThat;

/** S4: a retry within the window applies once and gets the first answer again. */
class IdempotencyTest {
    private static final int ANSWERS_MAX = 5;
    private static final long WINDOW_MS = 1000;

    private KvFixture kv;

    @BeforeEach
    void open() throws IOException {
        kv = new KvFixture(ANSWERS_MAX, WINDOW_MS);
    }

    @AfterEach
    void close() throws IOException {
        kv.close();
    }

    @Test
    void aRetryAppliesOnceAndGetsTheFirstAnswer() throws IOException {
        KvResult first = kv.idempotent("id", put("a", "1", Precondition.NONE, 5000));
        kv.one(put("a", "2"));
        kv.nowMs += 10;
        assertThat(kv.idempotent("id", put("a", "1", Precondition.NONE, 5000))).isEqualTo(first);
        assertThat(kv.value("a")).isEqualTo("2");
        assertThat(kv.shard.revision()).isEqualTo(2);
    }

    @Test
    void everyKindOfAnswerIsGivenAgain() throws IOException {
        assertThat(kv.idempotent("1", delete("a"))).isEqualTo(new KvResult.NotFound());
        assertThat(kv.idempotent("2", put("a", "x", Precondition.EXISTS, 0)))
                .isEqualTo(new KvResult.PreconditionFailed(0, false));
        kv.one(put("a", "x"));
        assertThat(kv.idempotent("3", put("a", "x", Precondition.ABSENT, 0)))
                .isEqualTo(new KvResult.PreconditionFailed(1, true));
        assertThat(kv.idempotent("4", put("a", "y"))).isEqualTo(new KvResult.Written(2, false));
        assertThat(kv.idempotent("5", delete("a"))).isEqualTo(new KvResult.Deleted(3));

        assertThat(kv.idempotent("1", delete("a"))).isEqualTo(new KvResult.NotFound());
        assertThat(kv.idempotent("2", put("a", "x", Precondition.EXISTS, 0)))
                .isEqualTo(new KvResult.PreconditionFailed(0, false));
        assertThat(kv.idempotent("3", put("a", "x", Precondition.ABSENT, 0)))
                .isEqualTo(new KvResult.PreconditionFailed(1, true));
        assertThat(kv.idempotent("4", put("a", "y"))).isEqualTo(new KvResult.Written(2, false));
        assertThat(kv.idempotent("5", delete("a"))).isEqualTo(new KvResult.Deleted(3));
        assertThat(kv.shard.revision()).isEqualTo(3);
    }

    @Test
    void theSameKeyWithAnotherRequestIsRefused() throws IOException {
        kv.idempotent("id", put("a", "1"));
        for (KvCommand other : new KvCommand[] {
            put("a", "2"),
            put("b", "1"),
            put("a", "1", Precondition.EXISTS, 0),
            put("a", "1", Precondition.NONE, 9000),
            delete("a")
        }) {
            assertThat(kv.idempotent("id", other))
                    .isInstanceOfSatisfying(KvResult.Rejected.class, rejected -> assertThat(rejected.code())
                            .isEqualTo(ErrorCode.INVALID_ARGUMENT));
        }
        assertThat(kv.value("a")).isEqualTo("1");
    }

    @Test
    void aTransactionThatCanChangeNothingIsDoneAgainOneThatCouldIsNot() throws IOException {
        List<TxnCompare> absent = List.of(new TxnCompare.Revision("a", Precondition.ABSENT));
        List<TxnOp> get = List.of(new TxnOp.Get("a"));
        KvCommand reads = new KvCommand.Txn(absent, get, get);
        KvCommand mayWrite = new KvCommand.Txn(
                List.of(new TxnCompare.Revision("a", Precondition.EXISTS)), List.of(new TxnOp.Delete("a")), get);
        long before = kv.shard.checksum().entries();
        assertThat(kv.idempotent("reads", reads))
                .isInstanceOfSatisfying(KvResult.TxnDone.class, done -> assertThat(done.succeeded())
                        .isTrue());
        // The counters are the only row so far.
        assertThat(kv.shard.checksum().entries()).isEqualTo(before + 1);
        KvResult first = kv.idempotent("may write", mayWrite);
        kv.one(put("a", "1"));
        assertThat(kv.idempotent("reads", reads))
                .isInstanceOfSatisfying(KvResult.TxnDone.class, done -> assertThat(done.succeeded())
                        .isFalse());
        // A late copy of it must not delete what the first answer said was not there.
        assertThat(kv.idempotent("may write", mayWrite)).isEqualTo(first);
        assertThat(kv.value("a")).isEqualTo("1");
    }

    @Test
    void anAnswerIsGivenAgainAfterARestart() throws IOException {
        KvResult first = kv.idempotent("id", put("a", "1"));
        kv.reopen();
        assertThat(kv.idempotent("id", put("a", "1"))).isEqualTo(first);
        assertThat(kv.shard.revision()).isEqualTo(1);
    }

    @Test
    void atTheEndOfItsTimeAKeyIsNewAgain() throws IOException {
        kv.idempotent("id", put("a", "1"));
        kv.nowMs += WINDOW_MS - 1;
        assertThat(kv.idempotent("id", put("a", "1"))).isEqualTo(new KvResult.Written(1, true));
        kv.nowMs += 1;
        assertThat(kv.idempotent("id", put("a", "1"))).isEqualTo(new KvResult.Written(2, false));
        assertThat(kv.idempotent("id", put("a", "1"))).isEqualTo(new KvResult.Written(2, false));
    }

    @Test
    void theOldestAnswerGoesFirstWhenThereAreTooMany() throws IOException {
        for (int i = 0; i < ANSWERS_MAX; i++) {
            kv.idempotent("id" + i, put("a", "" + i));
        }
        assertThat(kv.idempotent("id0", put("a", "0"))).isEqualTo(new KvResult.Written(1, true));
        kv.idempotent("one more", put("a", "x"));
        assertThat(kv.idempotent("id1", put("a", "1"))).isEqualTo(new KvResult.Written(2, false));
        assertThat(kv.idempotent("id0", put("a", "0"))).isEqualTo(new KvResult.Written(ANSWERS_MAX + 2, false));
    }

    @Test
    void aLargeAnswerPushesOutAsManyAsItsBytesAreWorth() throws IOException {
        kv.one(put("large", "v".repeat(2 * Limits.IDEMPOTENCY_PLACE_BYTES)));
        KvCommand txn = new KvCommand.Txn(List.of(), List.of(txnPut("b"), new TxnOp.Get("large")), List.of());
        for (int i = 0; i < ANSWERS_MAX; i++) {
            kv.idempotent("id" + i, put("a", "" + i));
        }
        KvResult large = kv.idempotent("large", txn);
        assertThat(kv.idempotent("id3", put("a", "3"))).isEqualTo(new KvResult.Written(5, false));
        assertThat(kv.idempotent("id4", put("a", "4"))).isEqualTo(new KvResult.Written(6, false));
        // It took three of the five places. Two more push the small ones out, a third the large one.
        kv.idempotent("id5", delete("none"));
        kv.idempotent("id6", delete("none"));
        assertThat(KvFrames.result(kv.idempotent("large", txn))).isEqualTo(KvFrames.result(large));
        long revision = kv.shard.revision();
        assertThat(kv.idempotent("id3", put("a", "3"))).isEqualTo(new KvResult.Written(revision + 1, false));
        assertThat(KvFrames.result(kv.idempotent("large", txn))).isNotEqualTo(KvFrames.result(large));
    }

    @Test
    void nothingIsLeftOfALargeAnswerWhenItsTimeHasRunOut() throws IOException {
        kv.one(put("large", "v".repeat(4 * Limits.IDEMPOTENCY_PLACE_BYTES)));
        long before = kv.shard.checksum().entries();
        kv.idempotent("large", new KvCommand.Txn(List.of(), List.of(txnPut("b"), new TxnOp.Get("large")), List.of()));
        // The key, its event, the answer and its five places.
        assertThat(kv.shard.checksum().entries()).isEqualTo(before + 8);
        kv.nowMs += WINDOW_MS;
        kv.one(delete("none"));
        kv.one(delete("none"));
        kv.reopen();
        // The key and its event, and the history has forgotten the event before it.
        assertThat(kv.shard.checksum().entries()).isEqualTo(before + 1);
    }

    private static TxnOp txnPut(String key) {
        return new TxnOp.Put((KvCommand.Put) put(key, "1"));
    }

    @Test
    void answersWhoseTimeHasRunOutAreRemovedByAnyCommand() throws IOException {
        for (int i = 0; i < ANSWERS_MAX; i++) {
            kv.idempotent("id" + i, delete("none"));
        }
        long withAnswers = kv.shard.checksum().entries();
        kv.nowMs += WINDOW_MS;
        kv.one(delete("none"));
        kv.one(delete("none"));
        assertThat(kv.shard.checksum().entries()).isEqualTo(withAnswers - 2 * ANSWERS_MAX);
    }

    @Test
    void aKeyUsedAgainOutlivesItsOlderPlaceInTheOrder() throws IOException {
        kv.idempotent("id", put("a", "1"));
        kv.nowMs += WINDOW_MS;
        // The same turn that prunes the first answer gives the second one.
        assertThat(kv.idempotent("id", put("a", "2"))).isEqualTo(new KvResult.Written(2, false));
        for (int i = 0; i < ANSWERS_MAX - 1; i++) {
            kv.idempotent("other" + i, delete("none"));
        }
        assertThat(kv.idempotent("id", put("a", "2"))).isEqualTo(new KvResult.Written(2, false));
    }

    @Test
    void aClockThatGoesBackDoesNotBringTheShardsTimeBack() throws IOException {
        kv.idempotent("id", put("a", "1"));
        kv.nowMs += WINDOW_MS;
        kv.one(delete("none"));
        kv.nowMs -= WINDOW_MS;
        assertThat(kv.idempotent("id", put("a", "1"))).isEqualTo(new KvResult.Written(2, false));
    }
}
