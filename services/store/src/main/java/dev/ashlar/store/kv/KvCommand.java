package dev.ashlar.store.kv;

import java.util.List;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/**
 * A mutation of one shard. A new kind of command is one more record here, one more case in {@link KvCommandCodec} and
 * one more in {@link KvStateMachine}; the compiler names the places.
 *
 * <p>The constructors check the limits and throw {@link ApiException}, so a command that exists can be replicated.
 */
public sealed interface KvCommand {
    /**
     * Writes a key.
     *
     * @param value any bytes, at most {@link Limits#VALUE_BYTES_MAX}; must not be changed afterwards
     * @param contentType at most {@link Limits#CONTENT_TYPE_BYTES_MAX} bytes
     * @param ttlMs time to live in milliseconds, counted from the shard's time when the command is applied; 0 for none.
     *     It is relative, so that a retry is the same command as the first try
     */
    // An array: copying up to 1 MiB per command into something immutable would cost more than it protects.
    @SuppressWarnings("ArrayRecordComponent")
    record Put(String key, byte[] value, String contentType, Precondition precondition, long ttlMs)
            implements KvCommand {
        public Put {
            Keys.check(key);
            if (value.length > Limits.VALUE_BYTES_MAX) {
                throw new ApiException(
                        ErrorCode.VALUE_TOO_LARGE,
                        "the value has " + value.length + " bytes, at most " + Limits.VALUE_BYTES_MAX
                                + " are permitted");
            }
            ContentTypes.check(contentType);
            if (ttlMs != 0 && (ttlMs < Limits.TTL_MS_MIN || ttlMs > Limits.TTL_MS_MAX)) {
                throw new ApiException(
                        ErrorCode.INVALID_ARGUMENT,
                        "ttl must be between " + Limits.TTL_MS_MIN + " and " + Limits.TTL_MS_MAX + " milliseconds, not "
                                + ttlMs);
            }
        }
    }

    /** Deletes a key. */
    record Delete(String key, Precondition precondition) implements KvCommand {
        public Delete {
            Keys.check(key);
        }
    }

    /**
     * Deletes a key whose time has run out. Proposed by the leader; it takes effect only if the key is still at this
     * revision and expired by the shard's time, so that a late one can do no harm.
     */
    record Expire(String key, long revision) implements KvCommand {
        public Expire {
            Keys.check(key);
            if (revision < 1) {
                throw new ApiException(ErrorCode.INVALID_ARGUMENT, "a revision is at least 1, not " + revision);
            }
        }
    }

    /**
     * Several steps as one, atomic: when every compare holds, {@code then}, else {@code otherwise}. Each mutation takes a
     * revision of its own.
     */
    record Txn(List<TxnCompare> compares, List<TxnOp> then, List<TxnOp> otherwise) implements KvCommand {
        public Txn {
            compares = List.copyOf(compares);
            then = List.copyOf(then);
            otherwise = List.copyOf(otherwise);
            if (Math.max(compares.size(), Math.max(then.size(), otherwise.size())) > Limits.TXN_OPS_MAX) {
                throw new ApiException(
                        ErrorCode.INVALID_ARGUMENT,
                        "a transaction has at most " + Limits.TXN_OPS_MAX + " compares and as many steps per branch");
            }
            if (bytes(compares, then, otherwise) > Limits.TXN_BYTES_MAX) {
                throw new ApiException(
                        ErrorCode.VALUE_TOO_LARGE,
                        "the values of a transaction have at most " + Limits.TXN_BYTES_MAX + " bytes together");
            }
        }

        /** Whether neither branch has a step that changes anything. */
        public boolean readsOnly() {
            return then.stream().allMatch(step -> step instanceof TxnOp.Get)
                    && otherwise.stream().allMatch(step -> step instanceof TxnOp.Get);
        }

        private static long bytes(List<TxnCompare> compares, List<TxnOp> then, List<TxnOp> otherwise) {
            long bytes = 0;
            for (TxnCompare compare : compares) {
                bytes += compare instanceof TxnCompare.Value value ? value.expected().length : 0;
            }
            for (List<TxnOp> branch : List.of(then, otherwise)) {
                for (TxnOp op : branch) {
                    bytes += op instanceof TxnOp.Put put ? put.put().value().length : 0;
                }
            }
            return bytes;
        }
    }

    /**
     * Deletes keys that begin with {@code prefix}, in their order, at most {@link Limits#RANGE_DELETE_KEYS_MAX} of them
     * and until {@link Limits#RANGE_DELETE_ROW_BYTES_MAX} were passed over.
     *
     * @param prefix empty for all keys of the shard
     * @param afterKey only keys after it; empty for no bound: where the command before this one stopped
     * @param boundary only keys whose revision is at most this; 0 for no bound. What was written after a long deletion
     *     began stays
     */
    record DeleteRange(String prefix, String afterKey, long boundary) implements KvCommand {
        public DeleteRange {
            Keys.checkBound("prefix", prefix);
            Keys.checkBound("the key to go on after", afterKey);
            if (boundary < 0) {
                throw new ApiException(ErrorCode.INVALID_ARGUMENT, "a boundary is not negative: " + boundary);
            }
        }
    }

    /** Acquires a lock that is free, or prolongs it for the owner that holds it. */
    record Lock(String name, String owner, long ttlMs) implements KvCommand {
        public Lock {
            Keys.check(name);
            Keys.checkOwner(owner);
            if (ttlMs < Limits.TTL_MS_MIN || ttlMs > Limits.LOCK_TTL_MS_MAX) {
                throw new ApiException(
                        ErrorCode.INVALID_ARGUMENT,
                        "ttl of a lock must be between " + Limits.TTL_MS_MIN + " and " + Limits.LOCK_TTL_MS_MAX
                                + " milliseconds, not " + ttlMs);
            }
        }
    }

    /** Releases a lock. */
    record Unlock(String name, String owner) implements KvCommand {
        public Unlock {
            Keys.check(name);
            Keys.checkOwner(owner);
        }
    }

    /** Frees a lock whose time has run out; like {@link Expire}. */
    record ExpireLock(String name, long token) implements KvCommand {
        public ExpireLock {
            Keys.check(name);
            if (token < 1) {
                throw new ApiException(ErrorCode.INVALID_ARGUMENT, "a fencing token is at least 1, not " + token);
            }
        }
    }
}
