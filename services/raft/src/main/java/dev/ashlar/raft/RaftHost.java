package dev.ashlar.raft;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** All groups of one process: one engine thread, one shared log, one transport. */
public interface RaftHost extends AutoCloseable {
    /** The groups that the log holds a replica of, started or not. */
    Set<Integer> storedGroups();

    /**
     * Starts a replica: a new one with this initial membership, or, when the log holds {@code local}, that one with what the
     * log knows ({@code voters} and {@code learners} are then ignored).
     *
     * @throws IOException when the stored replica cannot be used; the message says why and what can be done
     */
    ReplicatedGroup start(
            int groupId, Member local, List<Member> voters, List<Member> learners, StateMachine stateMachine)
            throws IOException;

    /** The replica number that the log holds for a group, 0 for none. */
    long storedReplica(int groupId);

    /** Stops a replica and closes its state machine; its part of the log stays. */
    CompletableFuture<Void> stop(int groupId);

    /** Stops a replica for good and forgets its part of the log. The caller deletes its state. */
    CompletableFuture<Void> destroy(int groupId);

    /**
     * Shows this incarnation to peers from the next connection on, when it is higher than the present one: a process that
     * began without a coordinator has been given its own (S5). Any thread.
     */
    void raiseIncarnation(long incarnation);

    /** Whether the log refuses new entries since the disk is (nearly) full. Clears by itself. */
    boolean diskFull();

    /** Why the engine has stopped (a failed write or sync of the log), or an empty string. The process should end then. */
    String fault();

    /** Stops every replica, flushes, and closes the log. */
    @Override
    void close() throws IOException;
}
