package dev.ashlar.coordinator.membership;

/** The times and bounds of the control loops. */
public final class Timing {
    /** How often stores send heartbeats, in milliseconds. */
    public static final long HEARTBEAT_MS = 1_000;

    /** Silence after which a store is down, in milliseconds. */
    public static final long DOWN_AFTER_MS = 10_000;

    /** How long a report is taken for the present, in milliseconds. */
    public static final long FRESH_MS = 3_500;

    /** How long a store or a shard's leader must have been there before leadership is moved, in milliseconds. */
    public static final long STEADY_MS = 5_000;

    /** A gap between two heartbeats that begins a new series, in milliseconds. */
    public static final long GAP_MS = FRESH_MS;

    /** Entries a replica may lack to be given the leadership: well below what a second of writes is. */
    public static final long TRANSFER_LAG_ENTRIES_MAX = 5_000;

    /** How long the transfer of a leadership may take, in milliseconds. */
    public static final long TRANSFER_TIMEOUT_MS = 15_000;

    /** Transfers of leadership that run at the same time. */
    public static final int TRANSFERS_MAX = 4;

    /** How long a shard is left alone after a failed operator, in milliseconds; doubled for each further one. */
    public static final long BACKOFF_MS = 30_000;

    /** The longest such time, in milliseconds. */
    public static final long BACKOFF_MAX_MS = 600_000;

    /** Changes of members that run at the same time in the whole cluster. */
    public static final int CHANGES_MAX = 4;

    /** Moves for balance among them: they are in no hurry. */
    public static final int MOVES_MAX = 2;

    /** Committed entries a learner may lack to be made a voter. */
    public static final long PROMOTE_LAG_ENTRIES_MAX = 2_000;

    /** How long one step of a change of members may take, in milliseconds; copying a replica is none of them. */
    public static final long STEP_TIMEOUT_MS = 90_000;

    /** How long a new replica may take to catch up, in milliseconds. */
    public static final long CATCH_UP_TIMEOUT_MS = 3_600_000;

    /** Silence after which a store's replicas move to a spare one, in milliseconds, when nothing else is set. */
    public static final long REPAIR_AFTER_MS = 600_000;

    /** How long a store must have been silent for its loss to be a lasting one, in milliseconds. */
    public static final long LASTING_LOSS_MS = 600_000;

    private Timing() {}
}
