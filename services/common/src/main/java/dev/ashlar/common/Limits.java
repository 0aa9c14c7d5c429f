package dev.ashlar.common;

/** Every limit of the product, in one place. Units stand last in the names. */
public final class Limits {
    /** A key, in bytes of UTF-8 after percent-decoding. Beyond it: {@code key_too_long}. */
    public static final int KEY_BYTES_MAX = 1024;

    /** A value, in bytes (setting {@code ashlar.value-bytes-max} may lower it). Beyond it: {@code value_too_large}. */
    public static final int VALUE_BYTES_MAX = 1 << 20;

    /** A Content-Type that is stored with a value, in bytes. Beyond it: {@code invalid_argument}. */
    public static final int CONTENT_TYPE_BYTES_MAX = 256;

    /** An Idempotency-Key, in bytes. Beyond it: {@code invalid_argument}. */
    public static final int IDEMPOTENCY_KEY_BYTES_MAX = 128;

    /** Answers remembered for idempotency keys, per shard; the oldest go first. */
    public static final int IDEMPOTENCY_KEYS_PER_SHARD_MAX = 100_000;

    /** A larger answer counts as one more for each of these, in bytes: some 100 MiB are remembered of a shard at most. */
    public static final int IDEMPOTENCY_PLACE_BYTES = 1 << 10;

    /** How long an answer is remembered for its idempotency key, in milliseconds. */
    public static final long IDEMPOTENCY_WINDOW_MS = 3_600_000;

    /** A time to live, in milliseconds: from {@link #TTL_MS_MIN} to a year of 365 days. */
    public static final long TTL_MS_MAX = 365L * 24 * 3600 * 1000;

    /** The shortest time to live, in milliseconds. */
    public static final long TTL_MS_MIN = 1_000;

    /** The longest {@code wait} of a long poll, in milliseconds. */
    public static final long WAIT_MS_MAX = 120_000;

    /**
     * How long a read or write of one key waits for its shard to have a leader, in milliseconds: longer than an election takes.
     * Beyond it: {@code no_leader}.
     */
    public static final long LEADER_WAIT_MS = 3_000;

    /** Items on one page of a scan. More asked for: {@code invalid_argument}. */
    public static final int SCAN_LIMIT_MAX = 10_000;

    /** Items on one page of a scan that names no limit. */
    public static final int SCAN_LIMIT_DEFAULT = 100;

    /** Bytes of keys and values on one page of a scan; a page ends early when it is reached. */
    public static final int SCAN_PAGE_BYTES_MAX = 4 << 20;

    /** Compares of one transaction, and steps of each of its branches. More: {@code invalid_argument}. */
    public static final int TXN_OPS_MAX = 128;

    /** Values in one transaction, of compares and of both branches together, in bytes. Beyond it: {@code value_too_large}. */
    public static final int TXN_BYTES_MAX = 1 << 20;

    /** Values that one transaction reads, for its compares too, in bytes. Beyond it nothing is done: {@code value_too_large}. */
    public static final int TXN_READ_BYTES_MAX = 4 << 20;

    /** Values in an answer that is kept for an Idempotency-Key, in bytes. Beyond it nothing is done: {@code value_too_large}. */
    public static final int TXN_KEPT_READ_BYTES_MAX = 64 << 10;

    /**
     * Values that the transactions of one Raft log entry read together, in bytes. One that would go beyond it does nothing:
     * {@code too_many_requests}. Not below {@link #TXN_READ_BYTES_MAX}, so that the first of an entry always fits.
     */
    public static final int ENTRY_READ_BYTES_MAX = 4 << 20;

    /** Keys that one log entry of a range deletion looks at; up to as many go atomically. */
    public static final int RANGE_DELETE_KEYS_MAX = 10_000;

    /** Bytes of keys that one log entry of a range deletion looks at; it stops when they are reached. */
    public static final int RANGE_DELETE_BYTES_MAX = 2 << 20;

    /** Bytes of stored values that one log entry of a range deletion passes over; it stops when they are reached. */
    public static final int RANGE_DELETE_ROW_BYTES_MAX = 4 << 20;

    /** A JSON body: a transaction, a batch that is no stream, in bytes. Beyond it: {@code value_too_large}. */
    public static final int JSON_BODY_BYTES_MAX = 2 << 20;

    /** Items of a batch that is one JSON document; a stream has no such limit. */
    public static final int BATCH_ITEMS_MAX = 10_000;

    /** Commands that one store sends to another in one request, in bytes. */
    public static final int COMMANDS_BODY_BYTES_MAX = 8 << 20;

    /** Events that the history of a shard keeps for watches. */
    public static final int HISTORY_EVENTS_MAX = 100_000;

    /** Bytes that the history of a shard keeps. */
    public static final long HISTORY_BYTES_MAX = 64L << 20;

    /** How long the history of a shard keeps an event, in milliseconds; longer while nothing is written. */
    public static final long HISTORY_WINDOW_MS = 3_600_000;

    /** Watches and waiting reads of one store. Beyond it: {@code too_many_requests}. */
    public static final int WATCHES_MAX = 10_000;

    /**
     * Events that clients have not taken yet, of all watches of one store together, in bytes; an eighth of the heap when that
     * is less. Beyond it the watches whose clients have taken nothing for longest end with {@code resync}.
     */
    public static final long WATCH_UNSENT_BYTES_MAX = 64L << 20;

    /** The owner of a lock, in bytes. Beyond it: {@code invalid_argument}. */
    public static final int LOCK_OWNER_BYTES_MAX = 256;

    /** The longest time to live of a lock, in milliseconds: an hour. Who needs longer prolongs it. */
    public static final long LOCK_TTL_MS_MAX = 3_600_000;

    /** Commands in one Raft log entry. */
    public static final int BATCH_COMMANDS_MAX = 512;

    /** Bytes of commands in one Raft log entry; a single larger command still goes, alone. */
    public static final int BATCH_BYTES_MAX = 1 << 20;

    /** Commands of one shard that wait to be proposed. Beyond it: {@code too_many_requests}. */
    public static final int SHARD_QUEUE_COMMANDS_MAX = 8_192;

    /** Bytes of commands of one shard that wait to be proposed. Beyond it: {@code too_many_requests}. */
    public static final long SHARD_QUEUE_BYTES_MAX = 64L << 20;

    /** Shards of one cluster. */
    public static final int SHARDS_MAX = 256;

    /** Replicas of one shard. */
    public static final int REPLICATION_FACTOR_MAX = 7;

    /** Disks that are registered as stores. Beyond it a new one is refused: {@code too_many_requests}. */
    public static final int STORES_MAX = 1_000;

    /** Coordinators of one cluster. */
    public static final int COORDINATORS_MAX = 9;

    /** A name, zone, version or address that a process tells of itself, in characters. Beyond it: {@code invalid_argument}. */
    public static final int IDENTITY_CHARS_MAX = 255;

    /** Alarms, and results of orders, in one heartbeat. Beyond it: {@code invalid_argument}. */
    public static final int HEARTBEAT_ITEMS_MAX = 4_096;

    /** The reason of an event, in characters; longer ones are cut. */
    public static final int EVENT_REASON_CHARS_MAX = 500;

    /** Events on one page of {@code GET /v1/events}. More asked for: {@code invalid_argument}. */
    public static final int EVENTS_LIMIT_MAX = 1_000;

    /** One frame between peers, in bytes; a longer one closes the connection. */
    public static final int PEER_FRAME_BYTES_MAX = 64 << 20;

    /** Bytes that wait to be sent to one peer; beyond it messages are dropped (Raft sends again). */
    public static final long PEER_QUEUE_BYTES_MAX = 64L << 20;

    /** How long a write waits for its outcome before {@code timeout}, in milliseconds. */
    public static final long WRITE_TIMEOUT_MS = 10_000;

    /** Events the coordinator remembers; the oldest go first. */
    public static final int EVENTS_MAX = 10_000;

    /** Entries a replica may lack and still count as caught up for the gate; about two seconds of writes. */
    public static final long GATE_LAG_ENTRIES_MAX = 5_000;

    /** Open {@code GET /v1/events/stream}, per coordinator. Beyond it: {@code too_many_requests}. */
    public static final int EVENT_STREAMS_MAX = 256;

    /** Notices in one heartbeat. Beyond it: {@code invalid_argument}. */
    public static final int NOTICES_MAX = 16;

    /** One frame of a backup, in bytes: the largest item, or a few hundred KiB of smaller ones. */
    public static final int BACKUP_FRAME_BYTES_MAX = 2 << 20;

    /** Backups that a store sends at the same time. Beyond it: {@code too_many_requests}. */
    public static final int BACKUPS_MAX = 2;

    /** Tokens in the file of tokens. Beyond it the file is not taken. */
    public static final int TOKENS_MAX = 10_000;

    /** Grants of one token. Beyond it the file of tokens is not taken. */
    public static final int GRANTS_PER_TOKEN_MAX = 100;

    /** Tokens of peers that are valid at once. Beyond it their file is not taken. */
    public static final int PEER_TOKENS_MAX = 4;

    /** A file of tokens, in bytes. Beyond it the file is not taken. */
    public static final int TOKEN_FILE_BYTES_MAX = 4 << 20;

    /** Tokens that are not valid and that one address may show at once; then one a second. Beyond it: {@code too_many_requests}. */
    public static final int BAD_TOKENS_PER_ADDRESS_MAX = 20;

    /** Addresses whose tokens are remembered as valid or not; the quietest goes first. */
    public static final int ATTEMPT_ADDRESSES_MAX = 10_000;

    /** Requests for keys that a store serves at once, however long they take. */
    public static final int CONCURRENCY_MIN = 32;

    /** Connections of one address to one port (setting {@code ASHLAR_CONNECTIONS_PER_CLIENT_MAX}). Further ones are closed. */
    public static final int CONNECTIONS_PER_CLIENT_MAX = 4_096;

    private Limits() {}
}
