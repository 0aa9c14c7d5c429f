package dev.ashlar.raft.wire;

/** Bytes that are not what they should be. The frame is dropped; the connection and the group live on. */
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1;

    WireException(String message) {
        super(message);
    }
}
