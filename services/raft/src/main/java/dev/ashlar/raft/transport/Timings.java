package dev.ashlar.raft.transport;

/**
 * The times of a transport, in milliseconds. Tests shorten them.
 *
 * @param connectMs until a TCP connection is up
 * @param handshakeMs until a handshake has ended, on either side
 * @param pingMs between two pings of a connection
 * @param silenceMs without a byte from the other side until a connection is closed
 * @param idleMs without a frame until the dialler gives a connection up
 * @param backoffMinMs the longest wait before the first dial after a failure
 * @param backoffMaxMs the longest wait before any dial
 * @param streamIdleMs without progress until a snapshot stream is given up
 */
record Timings(
        int connectMs,
        long handshakeMs,
        long pingMs,
        long silenceMs,
        long idleMs,
        long backoffMinMs,
        long backoffMaxMs,
        long streamIdleMs) {
    static final Timings DEFAULT = new Timings(2_000, 5_000, 5_000, 15_000, 600_000, 20, 1_000, 30_000);
}
