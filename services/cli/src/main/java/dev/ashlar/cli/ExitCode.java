package dev.ashlar.cli;

import dev.ashlar.common.error.ErrorCode;

/** What the process ends with. Scripts rely on the numbers; they never change. */
public enum ExitCode {
    /** It was done. */
    OK(0),
    /** The answer is no: no such key, or a check that is false. */
    NO(1),
    /** The command line is wrong; nothing was sent. */
    USAGE(2),
    /** The cluster (or this machine) refused; the message says why. */
    REFUSED(3),
    /** Nobody answered, or nobody who could decide: the outcome of a write may be unknown, and the message says so. */
    UNREACHABLE(4);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The exit code for an error of the API. */
    public static ExitCode of(ErrorCode code) {
        return switch (code) {
            case NOT_FOUND -> NO;
            case NO_LEADER, DRAINING, TIMEOUT -> UNREACHABLE;
            case INVALID_ARGUMENT,
                    UNAUTHENTICATED,
                    FORBIDDEN,
                    METHOD_NOT_ALLOWED,
                    CROSS_SHARD,
                    LOCKED,
                    CONFLICT,
                    COMPACTED,
                    REVISION_MISMATCH,
                    EXISTS,
                    FENCED,
                    KEY_TOO_LONG,
                    VALUE_TOO_LARGE,
                    TOO_MANY_REQUESTS,
                    INTERNAL,
                    DISK_FULL,
                    STALE -> REFUSED;
        };
    }
}
