package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ErrorCode;

/**
 * Applies one transaction.
 *
 * <ol>
 *   <li>Every compare is checked against the keys as the commands before left them; together they choose the branch.
 *   <li>What it reads has a bound: its own, that of answers that are kept, and that of its log entry, whose answers are in
 *       memory together (S8). Lengths are looked up first, so a value beyond a bound is never read, and nothing is done at all.
 *       The bounds depend on the log and on the keys alone, so every replica refuses the same ones (S3).
 *   <li>The steps run one after the other, each on what those before it left. A step cannot fail, so the transaction is
 *       all or nothing; all of it is in one log entry, so readers see all or nothing too.
 * </ol>
 */
final class TxnRun {
    /** The keys as this turn has left them so far. Engine thread only. */
    interface Keyspace {
        ItemMeta meta(String key) throws IOException;

        /** The length of the key's value, without reading it; -1 when there is no such key. */
        int valueBytes(String key) throws IOException;

        Optional<Item> item(String key) throws IOException;

        KvResult.Written write(KvCommand.Put put) throws IOException;

        /** The revision of the deletion, 0 when there is no such key. */
        long delete(String key) throws IOException;

        long revision();
    }

    private final Keyspace keys;
    private long leftInEntryBytes = Limits.ENTRY_READ_BYTES_MAX;

    TxnRun(Keyspace keys) {
        this.keys = keys;
    }

    /** What follows is of another log entry. */
    void beginEntry() {
        leftInEntryBytes = Limits.ENTRY_READ_BYTES_MAX;
    }

    /** @param kept whether the answer is remembered for its idempotency key */
    KvResult run(KvCommand.Txn txn, boolean kept) throws IOException {
        long comparedBytes = comparedBytes(txn.compares());
        if (comparedBytes > leftInEntryBytes) {
            return entryIsFull();
        }
        leftInEntryBytes -= comparedBytes;
        boolean holds = true;
        for (TxnCompare compare : txn.compares()) {
            holds = holds && holds(compare);
        }
        List<TxnOp> steps = holds ? txn.then() : txn.otherwise();
        long answeredBytes = answeredBytes(steps);
        if (kept && answeredBytes > Limits.TXN_KEPT_READ_BYTES_MAX) {
            return tooLarge(Limits.TXN_KEPT_READ_BYTES_MAX, " in an answer that is kept for its Idempotency-Key");
        }
        if (comparedBytes + answeredBytes > Limits.TXN_READ_BYTES_MAX) {
            return tooLarge(Limits.TXN_READ_BYTES_MAX, "");
        }
        if (answeredBytes > leftInEntryBytes) {
            return entryIsFull();
        }
        leftInEntryBytes -= answeredBytes;
        List<TxnResult> results = new ArrayList<>(steps.size());
        for (TxnOp step : steps) {
            results.add(
                    switch (step) {
                        case TxnOp.Get(String key) -> new TxnResult.Got(keys.item(key));
                        case TxnOp.Put(KvCommand.Put put) -> {
                            KvResult.Written written = keys.write(put);
                            yield new TxnResult.Written(written.revision(), written.created());
                        }
                        case TxnOp.Delete(String key) -> new TxnResult.Deleted(keys.delete(key));
                    });
        }
        return new KvResult.TxnDone(holds, keys.revision(), List.copyOf(results));
    }

    private static KvResult tooLarge(int bytesMax, String where) {
        return new KvResult.Rejected(
                ErrorCode.VALUE_TOO_LARGE,
                "the values that this transaction reads have more than " + bytesMax + " bytes together" + where
                        + ", nothing was changed");
    }

    private static KvResult entryIsFull() {
        return new KvResult.Rejected(
                ErrorCode.TOO_MANY_REQUESTS,
                "the transactions of this moment read more than " + Limits.ENTRY_READ_BYTES_MAX
                        + " bytes of the shard together. Nothing was changed, try again");
    }

    private boolean holds(TxnCompare compare) throws IOException {
        return switch (compare) {
            case TxnCompare.Revision(String key, Precondition expected) ->
                Precondition.holds(expected, keys.meta(key).revision());
            case TxnCompare.Value(String key, byte[] expected) ->
                keys.valueBytes(key) == expected.length
                        && keys.item(key)
                                .filter(item -> Arrays.equals(item.value(), expected))
                                .isPresent();
        };
    }

    /** What the compares read at most: a value of another length than the expected one is not looked at. */
    private long comparedBytes(List<TxnCompare> compares) throws IOException {
        long bytes = 0;
        for (TxnCompare compare : compares) {
            if (compare instanceof TxnCompare.Value(String key, byte[] expected)
                    && keys.valueBytes(key) == expected.length) {
                bytes += expected.length;
            }
        }
        return bytes;
    }

    /** What the steps read, each as those before it will leave the keys. */
    private long answeredBytes(List<TxnOp> steps) throws IOException {
        Map<String, Integer> changed = new HashMap<>();
        boolean reads = false;
        for (TxnOp step : steps) {
            reads |= step instanceof TxnOp.Get;
        }
        long bytes = 0;
        for (TxnOp step : reads ? steps : List.<TxnOp>of()) {
            switch (step) {
                case TxnOp.Put(KvCommand.Put put) -> changed.put(put.key(), put.value().length);
                case TxnOp.Delete(String key) -> changed.put(key, 0);
                case TxnOp.Get(String key) -> {
                    Integer length = changed.get(key);
                    bytes += length != null ? length : Math.max(0, keys.valueBytes(key));
                }
            }
        }
        return bytes;
    }
}
