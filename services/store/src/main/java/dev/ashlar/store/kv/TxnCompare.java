package dev.ashlar.store.kv;

import dev.ashlar.common.Limits;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;

/** What must hold of one key for the first branch of a transaction to be taken. */
public sealed interface TxnCompare {
    String key();

    /** The revision of the key, its absence, or its presence. */
    record Revision(String key, Precondition expected) implements TxnCompare {
        public Revision {
            Keys.check(key);
        }
    }

    /** The key exists and has exactly these bytes. */
    @SuppressWarnings("ArrayRecordComponent") // As in KvCommand.Put.
    record Value(String key, byte[] expected) implements TxnCompare {
        public Value {
            Keys.check(key);
            if (expected.length > Limits.VALUE_BYTES_MAX) {
                throw new ApiException(
                        ErrorCode.VALUE_TOO_LARGE,
                        "a value to compare with has at most " + Limits.VALUE_BYTES_MAX + " bytes");
            }
        }
    }
}
