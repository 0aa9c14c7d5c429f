package dev.ashlar.cli;

import java.util.Objects;

/** Ends a command with one line for the user and an exit code. Has no stack trace: it is an answer, not a fault. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ExitCode exit;

    public CliException(ExitCode exit, String message) {
        super(Objects.requireNonNull(message), null, false, false);
        this.exit = Objects.requireNonNull(exit);
    }

    public ExitCode exit() {
        return exit;
    }
}
