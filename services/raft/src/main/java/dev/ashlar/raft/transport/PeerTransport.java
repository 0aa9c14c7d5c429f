package dev.ashlar.raft.transport;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Frames and snapshot files between the processes of a cluster. Frames may be lost, never changed, doubled or reordered. */
public interface PeerTransport extends AutoCloseable {
    /** The bound port. */
    int port();

    /** Shows this incarnation from the next handshake on, when it is higher than the present one. Any thread. */
    void raiseIncarnation(long incarnation);

    /**
     * Dials a peer with the next {@link #flush()}, before there is a frame for it: one that has just started shows that it is
     * there, so that others do not wait for the end of a backoff. For the thread that calls {@code flush}.
     */
    void reach(String nodeId);

    /**
     * Queues a frame for a peer; it leaves with the next {@link #flush()}. One thread (the engine's) calls this and
     * {@code flush}. Never blocks. The frame is dropped and counted when the peer cannot be reached or is not known, when
     * more than {@code Limits.PEER_QUEUE_BYTES_MAX} bytes would wait for it, or when the frame is empty or longer than
     * {@code Limits.PEER_FRAME_BYTES_MAX}. The array must not be changed afterwards.
     */
    void send(String nodeId, byte[] frame);

    /** Ends a turn of the engine: what was queued for a peer leaves in one write. Never blocks. */
    void flush();

    /** Whether a connection to the peer is up: dialled, and accepted by it. Any thread. */
    boolean isReachable(String nodeId);

    /**
     * Streams a snapshot of a group from a peer below {@code into}, an empty directory. Any thread.
     *
     * @return the applied index of the snapshot, when every file is whole, checked and synced to the disk. Fails with an
     *     {@link java.io.IOException} when the peer has none, refuses (it serves few at a time: try again later), dies, is
     *     silent for too long, or when a checksum differs; nothing is left below {@code into} then. Cancelling it ends the
     *     stream. Completed on a thread of the transport's own, which may be blocked for a while.
     */
    CompletableFuture<Long> fetchSnapshot(String nodeId, int groupId, Path into);

    /** Counters since the start and the state of each peer now. Any thread. */
    TransportStats stats();

    /** Closes every connection and waits until the streams have ended. Not to be called on an event loop. */
    @Override
    void close();
}
