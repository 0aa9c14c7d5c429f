package dev.ashlar.store.kv;

import dev.ashlar.common.error.ApiException;

/** One step of a transaction. The constructors check the limits and throw {@link ApiException}. */
public sealed interface TxnOp {
    /** The key that it reads or writes. */
    String key();

    /** Reads a key as the steps before it left it. */
    record Get(String key) implements TxnOp {
        public Get {
            Keys.check(key);
        }
    }

    /** Writes a key; without a precondition of its own. */
    record Put(KvCommand.Put put) implements TxnOp {
        @Override
        public String key() {
            return put.key();
        }
    }

    /** Deletes a key; one that is not there is no failure. */
    record Delete(String key) implements TxnOp {
        public Delete {
            Keys.check(key);
        }
    }
}
