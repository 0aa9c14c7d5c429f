package dev.ashlar.cli;

import dev.ashlar.client.error.AshlarException;
import dev.ashlar.client.error.UnknownOutcomeException;
import dev.ashlar.client.error.UnreachableException;
import dev.ashlar.common.error.ErrorCode;

/** A call that did not succeed, for a person: one line with the code, what was wrong and what to do about it, and the exit code. */
final class Advice {
    private Advice() {}

    static CliException of(AshlarException failure) {
        return switch (failure) {
            case UnreachableException nobody ->
                new CliException(ExitCode.UNREACHABLE, with(nobody.detail(), unreachable(nobody)));
            case UnknownOutcomeException unknown ->
                new CliException(ExitCode.UNREACHABLE, with(unknown.detail(), unknown(unknown)));
            default -> refused(failure);
        };
    }

    private static CliException refused(AshlarException failure) {
        if (failure.known().isEmpty()) {
            return new CliException(byStatus(failure), failure.getMessage());
        }
        ErrorCode code = failure.known().get();
        return failure.status() == 0
                // It was not sent.
                ? new CliException(ExitCode.USAGE, failure.detail())
                : new CliException(ExitCode.of(code), with(failure.getMessage(), advice(code)));
    }

    private static String with(String text, String advice) {
        return advice.isEmpty() ? text : text + " " + advice;
    }

    private static ExitCode byStatus(AshlarException failure) {
        return switch (failure.code().equals("not_understood") ? 200 : failure.status()) {
            case 404 -> ExitCode.NO;
            case 502, 503, 504 -> ExitCode.UNREACHABLE;
            default -> ExitCode.REFUSED;
        };
    }

    private static String unreachable(UnreachableException nobody) {
        return nobody.untrusted()
                ? "Name the file of the authority with --cacert or ASHLAR_CA_FILE."
                : "Is the cluster running? Start one with `ashlar dev` (`make run`), or name the stores with --endpoint or"
                        + " ASHLAR_ENDPOINT, the coordinators with --coordinator or ASHLAR_COORDINATOR.";
    }

    private static String unknown(UnknownOutcomeException unknown) {
        return unknown.idempotencyKey().isPresent()
                ? "Read the key to know, or repeat with --idempotency-key "
                        + unknown.idempotencyKey().get() + "."
                : "Ask for the state to know, or repeat it.";
    }

    private static String advice(ErrorCode code) {
        return switch (code) {
            case UNAUTHENTICATED -> "Give a token with ASHLAR_TOKEN or --token.";
            case FORBIDDEN -> "Ask for a token that has a grant for this.";
            case LOCKED -> "Wait for its holder to release it or for its time to run out.";
            case COMPACTED -> "Read the present state (`ashlar ls`) and go on from there.";
            case REVISION_MISMATCH -> "Read the key again and decide anew.";
            case EXISTS -> "Leave out --if-absent to replace it.";
            case FENCED -> "Acquire the lock again before writing.";
            case VALUE_TOO_LARGE -> "Split the value, or keep it elsewhere and store its address.";
            case TOO_MANY_REQUESTS -> "Send less at once, or try again in a moment.";
            case INTERNAL -> "The log of the store that answered says more.";
            case NO_LEADER, DRAINING -> "Nothing was written; `ashlar status` shows which stores are missing.";
            case DISK_FULL -> "Reads go on; free space on the disks that `ashlar status` names.";
            case STALE -> "Allow more with --max-staleness, or read without --stale.";
            case INVALID_ARGUMENT, NOT_FOUND, METHOD_NOT_ALLOWED, CROSS_SHARD, CONFLICT, KEY_TOO_LONG, TIMEOUT -> "";
        };
    }
}
