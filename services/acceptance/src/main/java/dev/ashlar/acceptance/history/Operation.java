package dev.ashlar.acceptance.history;

import java.util.Objects;

/**
 * One call and its outcome.
 *
 * @param client who called, for messages
 * @param invokeNanos when, by {@link System#nanoTime} of the recording process, before the request was sent
 * @param returnNanos when the outcome was known
 */
public record Operation(int client, String key, Call call, Outcome outcome, long invokeNanos, long returnNanos) {
    public Operation {
        Objects.requireNonNull(key);
        Objects.requireNonNull(call);
        Objects.requireNonNull(outcome);
        if (returnNanos < invokeNanos) {
            throw new IllegalArgumentException("an operation cannot return before it is invoked");
        }
    }

    /** The revision that this write is known to have made; 0 for everything else. */
    public long writtenRevision() {
        return switch (outcome) {
            case Outcome.Written written -> written.revision();
            case Outcome.Seen seen -> seen.revision();
            case Outcome.Deleted deleted -> deleted.revision();
            default -> 0;
        };
    }
}
