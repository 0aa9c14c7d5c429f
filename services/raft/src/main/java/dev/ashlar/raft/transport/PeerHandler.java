package dev.ashlar.raft.transport;

import java.io.IOException;

import dev.ashlar.raft.SnapshotFiles;

/** What a process does with what its peers send. */
public interface PeerHandler {
    /**
     * A frame has come. Called on the event loop of the transport, frames of one peer in the order of their sending; must
     * not block or throw. The array belongs to the callee.
     */
    void onFrame(String fromNodeId, byte[] frame);

    /** A connection to a peer is up, the first one or another: it can be sent to. On the event loop of the transport; must not block. */
    void onReachable(String nodeId);

    /**
     * A peer wants a snapshot of a group. Called on a thread that may block; the transport closes what it is given when the
     * stream has ended.
     *
     * @throws IOException when there is none; the message is told to the peer
     */
    SnapshotFiles openSnapshot(int groupId) throws IOException;
}
