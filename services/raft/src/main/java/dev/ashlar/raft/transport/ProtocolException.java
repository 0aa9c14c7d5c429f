package dev.ashlar.raft.transport;

import java.io.IOException;

/** What came from the other side is not what the protocol allows. The connection is closed. */
final class ProtocolException extends IOException {
    ProtocolException(String message) {
        super(message);
    }
}
