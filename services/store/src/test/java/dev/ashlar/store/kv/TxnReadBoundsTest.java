package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.raft.LogEntry;

import static org.assertj.core.api.Assertions.assertThat;

/** S8: what the transactions of one log entry read is bounded, whatever they ask for; S3: in the same way on every replica. */
class TxnReadBoundsTest {
    private static final int MIB = 1 << 20;
    private static final int FIT = Limits.ENTRY_READ_BYTES_MAX / MIB;

    private KvFixture kv;

    @BeforeEach
    void open() throws IOException {
        kv = new KvFixture();
        kv.one(value("large", MIB));
        kv.one(value("one", 1));
    }

    @AfterEach
    void close() throws IOException {
        kv.close();
    }

    private static KvCommand value(String key, int bytes) {
        return new KvCommand.Put(key, new byte[bytes], ContentTypes.DEFAULT, Precondition.NONE, 0);
    }

    private static TxnOp.Put put(String key) {
        return new TxnOp.Put((KvCommand.Put) KvFixture.put(key, "1"));
    }

    private static TxnOp[] gets(String key, int count) {
        return Collections.nCopies(count, new TxnOp.Get(key)).toArray(TxnOp[]::new);
    }

    private static KvCommand txn(TxnOp... steps) {
        return new KvCommand.Txn(List.of(), List.of(steps), List.of());
    }

    private static void assertRejected(KvResult result, ErrorCode code) {
        assertThat(result).isInstanceOfSatisfying(KvResult.Rejected.class, rejected -> assertThat(rejected.code())
                .isEqualTo(code));
    }

    @Test
    void whatGoesBeyondTheBoundOfTheEntryDoesNothingAndTheNextEntryTakesIt() throws IOException {
        List<KvResult> results = kv.apply(
                txn(gets("large", FIT)),
                txn(put("a"), new TxnOp.Get("one")),
                txn(put("b"), new TxnOp.Get("none"), new TxnOp.Get("none")),
                KvFixture.put("c", "1"));
        assertThat(results.get(0)).isInstanceOf(KvResult.TxnDone.class);
        assertRejected(results.get(1), ErrorCode.TOO_MANY_REQUESTS);
        assertThat(results.get(2)).isInstanceOf(KvResult.TxnDone.class);
        assertThat(results.get(3)).isInstanceOf(KvResult.Written.class);
        assertThat(kv.value("a")).isEqualTo("absent");
        assertThat(kv.value("b")).isEqualTo("1");
        assertThat(kv.one(txn(put("a"), new TxnOp.Get("one")))).isInstanceOf(KvResult.TxnDone.class);
        assertThat(kv.value("a")).isEqualTo("1");
    }

    @Test
    void aRefusalForTheBoundOfTheEntryIsNotRememberedAndARetrySucceeds() throws IOException {
        KvCommand txn = txn(put("a"), new TxnOp.Get("one"));
        List<KvResult> results = new ArrayList<>();
        kv.run(List.of(
                kv.submission(txn(gets("large", FIT)), Optional.empty(), results),
                kv.submission(txn, Optional.of("id"), results)));
        assertRejected(results.get(1), ErrorCode.TOO_MANY_REQUESTS);
        KvResult done = kv.idempotent("id", txn);
        assertThat(done).isInstanceOf(KvResult.TxnDone.class);
        assertThat(KvFrames.result(kv.idempotent("id", txn))).isEqualTo(KvFrames.result(done));
        assertThat(kv.shard.revision()).isEqualTo(3);
    }

    @Test
    void oneThatIsTooLargeByItselfIsToldSoForGood() throws IOException {
        assertThat(kv.one(txn(gets("large", FIT)))).isInstanceOf(KvResult.TxnDone.class);
        TxnOp[] steps = gets("large", FIT + 2);
        steps[0] = put("a");
        steps[1] = new TxnOp.Get("one");
        assertRejected(kv.one(txn(steps)), ErrorCode.VALUE_TOO_LARGE);
        assertThat(kv.value("a")).isEqualTo("absent");
        // What the steps before have written counts, not what was there.
        steps = gets("large", FIT + 1);
        steps[0] = put("large");
        assertThat(kv.one(txn(steps))).isInstanceOf(KvResult.TxnDone.class);
    }

    @Test
    void whatComparesReadCountsToo() throws IOException {
        KvCommand compares = new KvCommand.Txn(
                List.of(new TxnCompare.Value("large", new byte[MIB])), List.of(gets("large", FIT - 1)), List.of());
        KvCommand another = new KvCommand.Txn(
                List.of(new TxnCompare.Value("one", new byte[1])), List.of(put("a")), List.of(put("a")));
        KvCommand otherLength = new KvCommand.Txn(
                List.of(new TxnCompare.Value("large", new byte[MIB - 1])), List.of(), List.of(put("b")));
        List<KvResult> results = kv.apply(compares, another, otherLength);
        assertThat(results.get(0)).isInstanceOfSatisfying(KvResult.TxnDone.class, done -> assertThat(done.succeeded())
                .isTrue());
        assertRejected(results.get(1), ErrorCode.TOO_MANY_REQUESTS);
        assertThat(results.get(2)).isInstanceOfSatisfying(KvResult.TxnDone.class, done -> assertThat(done.succeeded())
                .isFalse());
        assertThat(kv.value("a")).isEqualTo("absent");
        assertThat(kv.value("b")).isEqualTo("1");
    }

    @Test
    void replicasRefuseTheSameWhateverTheirTurns() throws IOException {
        try (KvStateMachine follower = kv.open("follower")) {
            List<LogEntry> entries = new ArrayList<>();
            List<KvResult> results = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                List<KvSubmission> entry = new ArrayList<>();
                entry.add(kv.submission(value("k" + i % 2, MIB - i), Optional.empty(), results));
                for (int j = 0; j < 6; j++) {
                    entry.add(kv.submission(txn(new TxnOp.Get("k" + j % 2), put("w" + j)), Optional.empty(), results));
                }
                entries.add(KvFixture.entry(kv.index + 1, entry));
                kv.run(entry);
            }
            assertThat(results.stream().filter(KvResult.Rejected.class::isInstance))
                    .isNotEmpty();
            follower.apply(KvFixture.entry(1, List.of(kv.submission(value("large", MIB), Optional.empty(), results))));
            follower.apply(KvFixture.entry(2, List.of(kv.submission(value("one", 1), Optional.empty(), results))));
            for (LogEntry entry : entries) {
                follower.apply(new LogEntry(entry.index(), entry.commands(), List.of()));
            }
            follower.endOfTurn();
            assertThat(follower.checksum()).isEqualTo(kv.shard.checksum());
        }
    }

    @Test
    void aValueBeyondTheBoundIsNeverRead() throws IOException {
        LargeKeys keys = new LargeKeys();
        TxnRun run = new TxnRun(keys);
        KvCommand.Txn most = (KvCommand.Txn) txn(gets("any", Limits.TXN_OPS_MAX));
        assertRejected(run.run(most, false), ErrorCode.VALUE_TOO_LARGE);
        assertThat(keys.readBytes).isZero();
        for (int i = 0; i < Limits.BATCH_COMMANDS_MAX; i++) {
            run.run((KvCommand.Txn) txn(gets("any", 2)), false);
            run.run(
                    new KvCommand.Txn(
                            List.of(new TxnCompare.Value("any", new byte[MIB])), List.of(gets("any", 1)), List.of()),
                    false);
        }
        assertThat(keys.readBytes).isLessThanOrEqualTo(Limits.ENTRY_READ_BYTES_MAX);
        run.beginEntry();
        assertThat(run.run((KvCommand.Txn) txn(gets("any", FIT)), false)).isInstanceOf(KvResult.TxnDone.class);
    }

    /** Every key has a value of 1 MiB; counts what is read of them. */
    private static final class LargeKeys implements TxnRun.Keyspace {
        private long readBytes;

        @Override
        public ItemMeta meta(String key) {
            return new ItemMeta(1, 1, 0);
        }

        @Override
        public int valueBytes(String key) {
            return MIB;
        }

        @Override
        public Optional<Item> item(String key) {
            readBytes += MIB;
            return Optional.of(new Item(key, new byte[MIB], ContentTypes.DEFAULT, 1, 1, 0));
        }

        @Override
        public KvResult.Written write(KvCommand.Put put) {
            throw new AssertionError("nothing is written");
        }

        @Override
        public long delete(String key) {
            throw new AssertionError("nothing is deleted");
        }

        @Override
        public long revision() {
            return 1;
        }
    }
}
