package dev.ashlar.raft;

import java.util.concurrent.CompletableFuture;

/** One replica of one group. All methods may be called from any thread and return at once. */
public interface ReplicatedGroup {
    /**
     * Submits a command to be replicated and applied. Commands of one thread are applied in the order of submission. What
     * arrives while entries are in flight is batched into the next one (≤ {@code Limits.BATCH_COMMANDS_MAX} commands, ≤
     * {@code Limits.BATCH_BYTES_MAX} bytes).
     */
    void submit(Command command);

    /** The newest status. Never older than the last turn of the engine. */
    GroupStatus status();

    /**
     * Whether this replica leads and holds a lease right now: as long as it does, its local state holds every
     * acknowledged write, and reading it is linearizable (S2). Costs a volatile read and a clock read.
     */
    boolean leaseValid();

    /**
     * Confirms leadership with a majority (read index), then calls {@code ready} on the engine thread when the local state
     * may serve a linearizable read, or {@code failed}.
     */
    void readBarrier(Runnable ready, java.util.function.Consumer<Command.Failure> failed);

    /**
     * An upper bound on the age of the local state in milliseconds: since when it may lack a committed write. 0 on a leader
     * with a lease, {@link Long#MAX_VALUE} when the replica has not heard of a leader yet.
     */
    long stalenessMs();

    /**
     * Hands leadership to a voter. Fails with {@link IllegalStateException} when this replica does not lead, and when the voter does
     * not answer within an election timeout, or lags; writes are taken until it does.
     */
    CompletableFuture<Void> transferLeadership(Member target);

    /** Adds a learner; done when committed. Adding one that is there is done at once. */
    CompletableFuture<Void> addLearner(Member learner);

    /** Makes a learner (or a new member) a voter; done when committed. Promoting a voter is done at once. */
    CompletableFuture<Void> promote(Member member);

    /** Removes a member; done when committed. Removing one that is not there is done at once. */
    CompletableFuture<Void> remove(Member member);

    /**
     * Why this replica was stopped, or an empty string: its state could not be read or written. The other groups of the process
     * go on. It has applied nothing since, and must be built anew from the others.
     */
    String fault();

    /**
     * Why this replica cannot give others what they lack, or an empty string: entries that are durable cannot be read back. It goes
     * on, and should not lead when another one can.
     */
    String logDamage();
}
