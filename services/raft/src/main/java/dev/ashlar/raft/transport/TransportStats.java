package dev.ashlar.raft.transport;

import java.util.Map;

/**
 * What a transport has done since its start. Immutable.
 *
 * @param writes writes to sockets that carried frames; {@code framesSent / writes} is how well turns are coalesced
 * @param framesDropped frames that were never handed to a socket (see {@link PeerTransport#send})
 * @param connectsFailed dials that did not lead to an accepted connection
 * @param connectionsRefused accepted sockets whose handshake was refused, malformed or too slow
 * @param protocolErrors connections closed after the handshake for what the peer sent
 * @param snapshotsRefused requests for a snapshot answered with a reason instead of files
 * @param inboundConnections accepted sockets that are open now, with or without a finished handshake
 * @param peers every process that something was sent to, by node id
 */
public record TransportStats(
        long framesSent,
        long bytesSent,
        long writes,
        long framesReceived,
        long bytesReceived,
        long framesDropped,
        long connects,
        long connectsFailed,
        long connectionsRefused,
        long protocolErrors,
        long snapshotsServed,
        long snapshotsRefused,
        long snapshotsFetched,
        long snapshotBytesSent,
        long snapshotBytesReceived,
        int inboundConnections,
        Map<String, Peer> peers) {

    /**
     * One peer at this moment.
     *
     * @param reachable whether a connection to it is up
     * @param queuedBytes bytes that wait for it, queued or in the write buffer of the socket
     * @param lastError why the last dial or connection ended, or an empty string
     */
    public record Peer(boolean reachable, long queuedBytes, long framesDropped, String lastError) {}
}
