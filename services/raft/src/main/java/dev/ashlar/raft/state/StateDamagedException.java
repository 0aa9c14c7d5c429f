package dev.ashlar.raft.state;

import java.io.IOException;

/** The files of a state are not what was written. Nothing on this disk can mend it: the replica must be built anew from the others. */
public final class StateDamagedException extends IOException {
    private static final long serialVersionUID = 1;

    StateDamagedException(String message, Throwable cause) {
        super(message, cause);
    }
}
