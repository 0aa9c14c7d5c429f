package dev.ashlar.store.kv;

import java.util.List;

import dev.ashlar.common.error.ErrorCode;

/** What a command did when it was applied. The same on every replica. */
public sealed interface KvResult {
    /** The key was written at this revision; {@code created} when it did not exist before. */
    record Written(long revision, boolean created) implements KvResult {}

    /** The key was deleted by the mutation of this revision. */
    record Deleted(long revision) implements KvResult {}

    /** There was no such key, nothing was changed. */
    record NotFound() implements KvResult {}

    /** The precondition did not hold, nothing was changed; {@code currentRevision} is 0 when there is no such key. */
    record PreconditionFailed(long currentRevision, boolean exists) implements KvResult {}

    /** The command itself was refused, nothing was changed. */
    record Rejected(ErrorCode code, String detail) implements KvResult {}

    /**
     * A transaction was applied.
     *
     * @param succeeded whether every compare held
     * @param revision the shard's revision after it
     * @param results one for each step of the branch that was taken
     */
    record TxnDone(boolean succeeded, long revision, List<TxnResult> results) implements KvResult {}

    /**
     * Keys of a range were deleted.
     *
     * @param deleted how many
     * @param boundary the shard's revision when the deletion began
     * @param lastKey where to go on; empty when there is nothing left to look at
     */
    record RangeDeleted(long deleted, long boundary, String lastKey) implements KvResult {}

    /**
     * The lock is held by the one who asked.
     *
     * @param token the revision at which it was acquired
     * @param acquired false when it was held before, and was prolonged
     */
    record LockHeld(long token, boolean acquired) implements KvResult {}

    /** The lock is held by somebody else, for {@code leftMs} milliseconds of the shard's time at most. */
    record LockRefused(String owner, long token, long leftMs) implements KvResult {}
}
