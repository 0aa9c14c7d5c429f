package dev.ashlar.client;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a transaction did.
 *
 * @param succeeded whether every compare held
 * @param steps the results of the steps that were done, in their order
 * @param revision of the shard, after it
 */
public record TxnResult(boolean succeeded, List<Step> steps, long revision) {
    /** The result of one step. */
    public sealed interface Step {
        String key();
    }

    /** A write. */
    public record Put(String key, long revision, boolean created) implements Step {}

    /** A read; empty when there is no such key. */
    public record Got(String key, Optional<Entry> entry) implements Step {}

    /** A deletion, with its revision; empty when there was no such key. */
    public record Deleted(String key, OptionalLong revision) implements Step {}

    /** What a {@code get} of this key found; empty when there is no such key, or it was not read. */
    public Optional<Entry> entry(String key) {
        return steps.stream()
                .filter(step -> step instanceof Got && step.key().equals(key))
                .flatMap(step -> ((Got) step).entry().stream())
                .findFirst();
    }
}
