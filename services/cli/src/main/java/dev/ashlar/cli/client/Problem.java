package dev.ashlar.cli.client;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.common.error.ErrorCode;

/** An error of the API (RFC 9457) as one line: the code, what was wrong, and what to do about it. */
public record Problem(String code, String title, String detail, int status) {
    /** The exception that shows an answer which is not a success. */
    public static CliException of(Answer answer) {
        Problem problem = parse(answer);
        Optional<ErrorCode> known = problem.known();
        String advice = known.map(Problem::advice).orElse("");
        String text = problem.code + ": " + problem.sentence() + (advice.isEmpty() ? "" : " " + advice);
        return new CliException(known.map(ExitCode::of).orElseGet(() -> byStatus(answer.status())), text);
    }

    static Problem parse(Answer answer) {
        try {
            Problem read = Json.read(answer.body(), Problem.class);
            if (read != null && read.code() != null && !read.code().isBlank()) {
                return new Problem(
                        read.code(), Optional.ofNullable(read.title()).orElse(""), read.detail(), answer.status());
            }
        } catch (IOException notJson) {
            // A proxy or another server answered; the status is all there is.
        }
        return new Problem(
                "http_" + answer.status(), "", answer.from() + " answered status " + answer.status(), answer.status());
    }

    Optional<ErrorCode> known() {
        for (ErrorCode each : ErrorCode.values()) {
            if (each.code().equals(code.toLowerCase(Locale.ROOT))) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    private String sentence() {
        String text = (detail == null || detail.isBlank() ? title : detail).strip();
        return text.isEmpty() || text.endsWith(".") || text.endsWith("?") ? text : text + ".";
    }

    private static ExitCode byStatus(int status) {
        return switch (status) {
            case 404 -> ExitCode.NO;
            case 502, 503, 504 -> ExitCode.UNREACHABLE;
            default -> ExitCode.REFUSED;
        };
    }

    private static String advice(ErrorCode code) {
        return switch (code) {
            case UNAUTHENTICATED -> "Give a token with ASHLAR_TOKEN or --token.";
            case FORBIDDEN -> "Ask for a token that has a grant for this.";
            case LOCKED -> "Wait for its holder to release it or for its time to run out.";
            case COMPACTED -> "Read the present state and go on from there.";
            case REVISION_MISMATCH -> "Read the key again and decide anew.";
            case EXISTS -> "Leave out --if-absent to replace it.";
            case FENCED -> "Acquire the lock again before writing.";
            case VALUE_TOO_LARGE -> "Split the value, or keep it elsewhere and store its address.";
            case TOO_MANY_REQUESTS -> "Send less at once, or try again in a moment.";
            case INTERNAL -> "The log of the store that answered says more.";
            case NO_LEADER, DRAINING -> "Nothing was written; `ashlar status` shows which stores are missing.";
            case DISK_FULL -> "Reads go on; free space on the disks that `ashlar status` names.";
            case STALE -> "Allow more with --max-staleness, or read without --stale.";
            case TIMEOUT -> "A write may have been applied or not: read the key to know.";
            case INVALID_ARGUMENT, NOT_FOUND, METHOD_NOT_ALLOWED, CROSS_SHARD, CONFLICT, KEY_TOO_LONG -> "";
        };
    }
}
