package dev.ashlar.raft.transport;

/** What bounds the transport beyond the limits of the product. Units stand last in the names. */
final class TransportLimits {
    /** Sockets that have not finished their handshake; one more closes the oldest, so a flood cannot shut peers out. */
    static final int PENDING_HANDSHAKES_MAX = 512;

    /** Inbound connections with a finished handshake. */
    static final int INBOUND_CONNECTIONS_MAX = 1_024;

    /** Processes that frames are sent to; frames to further ones are dropped. */
    static final int PEERS_MAX = 1_024;

    /** Process names whose highest incarnation is remembered; further names are refused. */
    static final int NAMES_MAX = 4_096;

    /** The body of a handshake message. */
    static final int HANDSHAKE_BODY_BYTES_MAX = 1_024;

    /** One write to a socket: the frames of a turn, unless they are more than this or one of them is. */
    static final int WRITE_BYTES_MAX = 4 << 20;

    /** What the socket takes before frames wait in the queue of their peer. */
    static final int SOCKET_QUEUE_BYTES_MAX = 1 << 20;

    /** A frame up to this length is given its whole array at once; a longer one grows it as its bytes come. */
    static final int FRAME_EAGER_BYTES_MAX = 2 << 20;

    /** Data of one chunk of a snapshot file. */
    static final int CHUNK_BYTES_MAX = 256 << 10;

    /** Bytes of a snapshot stream that are under way inside one process. */
    static final int STREAM_WINDOW_BYTES_MAX = 1 << 20;

    /** Snapshot streams that a process sends at once; further requests are refused. */
    static final int STREAMS_OUT_MAX = 2;

    /** Snapshot streams that a process receives at once; further fetches fail. */
    static final int STREAMS_IN_MAX = 8;

    /** Files of one snapshot. */
    static final int SNAPSHOT_FILES_MAX = 100_000;

    /** One file of a snapshot. */
    static final long SNAPSHOT_FILE_BYTES_MAX = 1L << 40;

    /** The name of a file of a snapshot, in bytes. */
    static final int FILE_NAME_BYTES_MAX = 255;

    /** A reason told to a peer, in characters. */
    static final int REASON_CHARS_MAX = 200;

    /** Addresses and peers whose last log line is remembered, so that each logs once a minute. */
    static final int LOG_KEYS_MAX = 256;

    private TransportLimits() {}
}
