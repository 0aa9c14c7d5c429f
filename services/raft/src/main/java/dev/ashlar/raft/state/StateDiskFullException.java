package dev.ashlar.raft.state;

import java.io.IOException;

/**
 * The disk is full. Reads go on. {@link RocksStateMachine#endOfTurn} may be called again: what was applied is still held
 * in memory, and RocksDB takes writes again some seconds after there is room. Until then apply nothing more.
 */
public final class StateDiskFullException extends IOException {
    private static final long serialVersionUID = 1;

    StateDiskFullException(String message, Throwable cause) {
        super(message, cause);
    }
}
