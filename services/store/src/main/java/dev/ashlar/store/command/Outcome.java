package dev.ashlar.store.command;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.store.kv.KvResult;

/** What became of a command. */
public sealed interface Outcome {
    /** It was applied; what it did may be nothing, which is a result too. */
    record Applied(KvResult result) implements Outcome {}

    /** It was not applied, or (with {@code timeout}) nobody knows whether it was. */
    record Failed(ApiException problem) implements Outcome {}
}
