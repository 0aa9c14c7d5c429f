package dev.ashlar.raft.log;

import java.io.IOException;
import java.nio.file.Path;

/** Bytes of the log that were durable once are not there any more. Nothing on the disk has been changed. */
public final class LogCorruptException extends IOException {
    private static final String ADVICE =
            "Nothing has been changed. Keep a copy of this directory for analysis. Then either"
                    + " restore the file from a good copy, or, when the other replicas of its groups are healthy, move the whole data"
                    + " directory away: the process then starts as one with a new disk, and its replicas are rebuilt from the others.";

    private LogCorruptException(String message) {
        super(message);
    }

    static LogCorruptException at(Path file, long offset, String what) {
        return new LogCorruptException(
                "The write-ahead log is damaged: " + file + ", offset " + offset + ": " + what + ". " + ADVICE);
    }

    static LogCorruptException of(Path file, long offset, int group, String what) {
        return at(file, offset, "group " + group + ": " + what);
    }
}
