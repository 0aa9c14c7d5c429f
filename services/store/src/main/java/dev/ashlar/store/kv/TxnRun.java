package dev.ashlar.store.kv;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import dev.ashlar.common.error.ErrorCode;

/**
 * Applies one transaction.
 *
 * <ol>
 *   <li>Every compare is checked against the keys as the commands before left them; together they choose the branch.
 *   <li>What the branch would read has a bound. Beyond it nothing is done at all: an answer must fit into memory, and into
 *       the window of remembered answers.
 *   <li>The steps run one after the other, each on what those before it left. A step cannot fail, so the transaction is
 *       all or nothing; all of it is in one log entry, so readers see all or nothing too.
 * </ol>
 */
final class TxnRun {
    /** The keys as this turn has left them so far. Engine thread only. */
    interface Keyspace {
        ItemMeta meta(String key) throws IOException;

        Optional<Item> item(String key) throws IOException;

        KvResult.Written write(KvCommand.Put put) throws IOException;

        /** The revision of the deletion, 0 when there is no such key. */
        long delete(String key) throws IOException;

        long revision();
    }

    private final Keyspace keys;

    TxnRun(Keyspace keys) {
        this.keys = keys;
    }

    KvResult run(KvCommand.Txn txn, int readBytesMax) throws IOException {
        boolean holds = true;
        for (TxnCompare compare : txn.compares()) {
            holds = holds && holds(compare);
        }
        List<TxnOp> steps = holds ? txn.then() : txn.otherwise();
        if (readBytes(steps) > readBytesMax) {
            return new KvResult.Rejected(
                    ErrorCode.VALUE_TOO_LARGE,
                    "the values that this transaction reads have more than " + readBytesMax
                            + " bytes together, nothing was changed");
        }
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

    private boolean holds(TxnCompare compare) throws IOException {
        return switch (compare) {
            case TxnCompare.Revision(String key, Precondition expected) ->
                Precondition.holds(expected, keys.meta(key).revision());
            case TxnCompare.Value(String key, byte[] expected) ->
                keys.item(key)
                        .filter(item -> Arrays.equals(item.value(), expected))
                        .isPresent();
        };
    }

    /** An upper bound: a key that an earlier step writes counts with the old value or the new one, whichever is longer. */
    private long readBytes(List<TxnOp> steps) throws IOException {
        long bytes = 0;
        for (TxnOp step : steps) {
            if (step instanceof TxnOp.Get(String key)) {
                long before = keys.item(key).map(item -> item.value().length).orElse(0);
                long written = 0;
                for (TxnOp other : steps) {
                    if (other instanceof TxnOp.Put(KvCommand.Put put)
                            && put.key().equals(key)) {
                        written = Math.max(written, put.value().length);
                    }
                }
                bytes += Math.max(before, written);
            }
        }
        return bytes;
    }
}
