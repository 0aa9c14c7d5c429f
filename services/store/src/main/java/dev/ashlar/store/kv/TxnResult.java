package dev.ashlar.store.kv;

import java.util.Optional;

/** What one step of a transaction did. */
public sealed interface TxnResult {
    /** The key as it was read; empty when there is no such key. */
    record Got(Optional<Item> item) implements TxnResult {}

    /** The key was written at this revision; {@code created} when it did not exist before. */
    record Written(long revision, boolean created) implements TxnResult {}

    /** The key was deleted by the mutation of this revision; 0 when there was no such key. */
    record Deleted(long revision) implements TxnResult {}
}
