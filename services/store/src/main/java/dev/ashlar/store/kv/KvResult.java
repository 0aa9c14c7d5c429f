package dev.ashlar.store.kv;

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
}
