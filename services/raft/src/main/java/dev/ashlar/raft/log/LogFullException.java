package dev.ashlar.raft.log;

import java.io.IOException;

/** The disk has no room for more entries. Nothing was appended; {@link SharedLog#full()} tells when it is over. */
public final class LogFullException extends IOException {
    public LogFullException(String message) {
        super(message);
    }
}
