package dev.ashlar.raft;

import java.nio.file.Path;
import java.util.function.Function;

/**
 * How a {@link RaftHost} runs.
 *
 * @param clusterId a UUID; peers of another cluster are refused in the handshake
 * @param nodeId this process, {@code name.diskid}
 * @param incarnation sent in the handshake; a peer refuses a process of a name of which it has seen a newer one (S5)
 * @param dataDir holds {@code wal/} and {@code snapshots/}
 * @param peerHost address to bind
 * @param peerPort port to bind, 0 for any
 * @param addresses gives {@code host:port} of a node id, or an empty string when it is not known (yet)
 * @param heartbeatMs how often a leader speaks to its followers, in milliseconds
 * @param electionMs silence after which followers elect a new leader, in milliseconds; the lease is 0.8 of it
 * @param segmentBytes size of a preallocated log segment
 * @param cacheBytes payloads of log entries held in memory; older ones are read from the log again
 * @param minFreeBytes free disk space below which no new entries are taken
 * @param security of the connections to and from peers
 */
public record HostOptions(
        String clusterId,
        String nodeId,
        long incarnation,
        Path dataDir,
        String peerHost,
        int peerPort,
        Function<String, String> addresses,
        long heartbeatMs,
        long electionMs,
        long segmentBytes,
        long cacheBytes,
        long minFreeBytes,
        PeerSecurity security) {

    /** With plain TCP between peers. */
    public HostOptions(
            String clusterId,
            String nodeId,
            long incarnation,
            Path dataDir,
            String peerHost,
            int peerPort,
            Function<String, String> addresses,
            long heartbeatMs,
            long electionMs,
            long segmentBytes,
            long cacheBytes,
            long minFreeBytes) {
        this(
                clusterId,
                nodeId,
                incarnation,
                dataDir,
                peerHost,
                peerPort,
                addresses,
                heartbeatMs,
                electionMs,
                segmentBytes,
                cacheBytes,
                minFreeBytes,
                PeerSecurity.NONE);
    }
}
