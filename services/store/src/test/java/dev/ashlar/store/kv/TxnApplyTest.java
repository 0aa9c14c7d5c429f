package dev.ashlar.store.kv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a transaction does to the keys of its shard. */
class TxnApplyTest {
    private final KvFixture kv = fixture();

    private static KvFixture fixture() {
        try {
            return new KvFixture();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void close() throws IOException {
        kv.close();
    }

    private static TxnOp put(String key, String value) {
        return new TxnOp.Put((KvCommand.Put) KvFixture.put(key, value));
    }

    private static TxnCompare at(String key, long revision) {
        return new TxnCompare.Revision(key, new Precondition.AtRevision(revision));
    }

    private static TxnCompare is(String key, String value) {
        return new TxnCompare.Value(key, value.getBytes(StandardCharsets.UTF_8));
    }

    private KvResult.TxnDone txn(List<TxnCompare> compares, List<TxnOp> then, List<TxnOp> otherwise)
            throws IOException {
        return (KvResult.TxnDone) kv.one(new KvCommand.Txn(compares, then, otherwise));
    }

    @Test
    void everyMutationTakesARevisionAndEveryStepSeesThoseBefore() throws IOException {
        KvResult.TxnDone done = txn(
                List.of(new TxnCompare.Revision("a", Precondition.ABSENT)),
                List.of(put("a", "1"), new TxnOp.Get("a"), put("b", "2"), new TxnOp.Delete("a"), new TxnOp.Delete("c")),
                List.of());
        assertThat(done.succeeded()).isTrue();
        assertThat(done.revision()).isEqualTo(3);
        assertThat(done.results().get(0)).isEqualTo(new TxnResult.Written(1, true));
        assertThat(done.results().get(1)).isInstanceOfSatisfying(TxnResult.Got.class, got -> assertThat(
                        got.item().orElseThrow().revision())
                .isEqualTo(1));
        assertThat(done.results().subList(2, 5))
                .containsExactly(new TxnResult.Written(2, true), new TxnResult.Deleted(3), new TxnResult.Deleted(0));
        assertThat(kv.value("a")).isEqualTo("absent");
        assertThat(kv.value("b")).isEqualTo("2");
    }

    @Test
    void oneCompareThatFailsTakesTheOtherBranch() throws IOException {
        kv.apply(KvFixture.put("a", "1"), KvFixture.put("b", "2"));
        KvResult.TxnDone done =
                txn(List.of(at("a", 1), is("b", "3")), List.of(put("a", "x")), List.of(new TxnOp.Get("b")));
        assertThat(done.succeeded()).isFalse();
        assertThat(done.revision()).isEqualTo(2);
        assertThat(kv.value("a")).isEqualTo("1");
        assertThat(txn(List.of(at("a", 1), is("b", "2")), List.of(put("a", "x")), List.of())
                        .succeeded())
                .isTrue();
        assertThat(kv.value("a")).isEqualTo("x");
    }

    @Test
    void comparesSeeTheCommandsOfTheSameTurn() throws IOException {
        List<KvResult> results = kv.apply(
                KvFixture.put("a", "1"),
                new KvCommand.Txn(List.of(is("a", "1")), List.of(put("a", "2")), List.of()),
                new KvCommand.Txn(List.of(is("a", "1")), List.of(put("a", "3")), List.of()),
                KvFixture.delete("a"),
                new KvCommand.Txn(
                        List.of(new TxnCompare.Revision("a", Precondition.ABSENT)),
                        List.of(new TxnOp.Get("a")),
                        List.of()));
        assertThat(results.get(1)).isInstanceOfSatisfying(KvResult.TxnDone.class, d -> assertThat(d.succeeded())
                .isTrue());
        assertThat(results.get(2)).isInstanceOfSatisfying(KvResult.TxnDone.class, d -> assertThat(d.succeeded())
                .isFalse());
        assertThat(results.get(4))
                .isEqualTo(new KvResult.TxnDone(true, 3, List.of(new TxnResult.Got(Optional.empty()))));
    }

    @Test
    void aRetryWithItsIdempotencyKeyGetsTheWholeAnswerAgain() throws IOException {
        kv.apply(KvFixture.put("a", "1"));
        KvCommand txn = new KvCommand.Txn(List.of(at("a", 1)), List.of(put("a", "2"), new TxnOp.Get("a")), List.of());
        KvResult first = kv.idempotent("once", txn);
        KvResult again = kv.idempotent("once", txn);
        assertThat(KvFrames.result(again)).isEqualTo(KvFrames.result(first));
        assertThat(kv.shard.revision()).isEqualTo(2);
    }

    @Test
    void whatItReadsHasALimitAndBeyondItNothingIsDone() throws IOException {
        byte[] large = new byte[Limits.TXN_KEPT_READ_BYTES_MAX];
        kv.apply(new KvCommand.Put("a", large, ContentTypes.DEFAULT, Precondition.NONE, 0));
        KvCommand fits = new KvCommand.Txn(List.of(), List.of(put("c", "1"), new TxnOp.Get("a")), List.of());
        KvCommand tooMuch =
                new KvCommand.Txn(List.of(), List.of(put("b", "1"), new TxnOp.Get("a"), new TxnOp.Get("b")), List.of());
        assertThat(kv.idempotent("1", fits)).isInstanceOf(KvResult.TxnDone.class);
        assertThat(kv.idempotent("2", tooMuch))
                .isInstanceOfSatisfying(KvResult.Rejected.class, rejected -> assertThat(rejected.code())
                        .isEqualTo(ErrorCode.VALUE_TOO_LARGE));
        assertThat(kv.value("b")).isEqualTo("absent");
        // Without a key its answer is not kept, and the limit is higher.
        assertThat(kv.one(tooMuch)).isInstanceOf(KvResult.TxnDone.class);
    }

    @Test
    void theNumberOfStepsHasALimit() {
        List<TxnOp> most = java.util.Collections.nCopies(Limits.TXN_OPS_MAX, new TxnOp.Get("a"));
        assertThat(new KvCommand.Txn(List.of(), most, most).then()).hasSize(128);
        List<TxnOp> more = java.util.Collections.nCopies(Limits.TXN_OPS_MAX + 1, new TxnOp.Get("a"));
        assertThatThrownBy(() -> new KvCommand.Txn(List.of(), List.of(), more)).isInstanceOf(ApiException.class);
    }
}
