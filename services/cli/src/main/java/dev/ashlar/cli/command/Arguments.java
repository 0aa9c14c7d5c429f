package dev.ashlar.cli.command;

import java.util.UUID;
import java.util.regex.Pattern;

import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.client.WriteOptions;
import dev.ashlar.common.Limits;

/** Checks of arguments that several commands share; what is wrong here is a wrong command line and is never sent. */
final class Arguments {
    private static final Pattern DURATION = Pattern.compile("\\d{1,12}(ms|s|m|h|d)");

    private Arguments() {}

    /** A duration as the API takes it, e.g. {@code 30s}. */
    static String duration(String option, String text) {
        if (!DURATION.matcher(text).matches()) {
            throw new CliException(
                    ExitCode.USAGE, option + " takes a number with ms, s, m, h or d, such as 30s, not '" + text + "'");
        }
        return text;
    }

    /** A duration in milliseconds. */
    static long durationMs(String option, String text) {
        String checked = duration(option, text);
        int digits = 0;
        while (Character.isDigit(checked.charAt(digits))) {
            digits++;
        }
        long number = Long.parseLong(checked.substring(0, digits));
        return switch (checked.substring(digits)) {
            case "ms" -> number;
            case "s" -> number * 1_000;
            case "m" -> number * 60_000;
            case "h" -> number * 3_600_000;
            default -> number * 86_400_000;
        };
    }

    /** Terms of a write that several commands share; {@code ifRevision} may be null. */
    static WriteOptions writeOptions(String idempotencyKey, Long ifRevision) {
        WriteOptions options = WriteOptions.NONE.idempotencyKey(idempotencyKey(idempotencyKey));
        if (ifRevision == null) {
            return options;
        }
        if (ifRevision < 1) {
            throw new CliException(ExitCode.USAGE, "--if-revision takes a revision from 1, not " + ifRevision);
        }
        return options.ifRevision(ifRevision);
    }

    /** The given idempotency key or a random one: every write carries one, so that it may be sent again. */
    static String idempotencyKey(String given) {
        if (given == null) {
            return UUID.randomUUID().toString();
        }
        if (given.isEmpty()
                || given.length() > Limits.IDEMPOTENCY_KEY_BYTES_MAX
                || given.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--idempotency-key takes 1 to " + Limits.IDEMPOTENCY_KEY_BYTES_MAX
                            + " visible ASCII characters without spaces");
        }
        return given;
    }
}
