package dev.ashlar.raft.engine;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.microraft.RaftEndpoint;
import io.microraft.RaftRole;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.state.FollowerState;
import io.microraft.impl.state.RaftState;

import dev.ashlar.raft.Member;
import dev.ashlar.raft.wire.Endpoint;

/**
 * The lease of a replica that leads, and how it hands leadership over. They belong together: a transfer lets voters vote in
 * spite of what the lease relies on (S2).
 *
 * <ol>
 *   <li>With a new term of ours begins a new {@link Lease}; it opens when an entry of that term has been applied.
 *   <li>A transfer bars the lease, and no command is proposed until it has ended. MicroRaft retries one only after a heartbeat
 *       period, so it gets it once everything is committed.
 *   <li>A transfer that failed may still trigger an election: the lease stays barred until its target would ignore the trigger.
 * </ol>
 *
 * <p>{@link #leaseValid} is called from any thread, everything else on the engine thread.
 */
final class Leadership {
    private final Lease lease;
    private final Runnable transferEnded;
    private RaftNodeImpl node;
    private int newTermApplied;
    private Optional<Transfer> transfer = Optional.empty();
    private Optional<FailedTransfer> failedTransfer = Optional.empty();

    /** @param transferEnded runs when commands may be proposed again, or must be refused */
    Leadership(Timing timing, Runnable transferEnded) {
        this.lease = new Lease(timing);
        this.transferEnded = transferEnded;
    }

    /** To be called once, before anything but {@link #leaseValid}. */
    void bind(RaftNodeImpl raft) {
        node = raft;
    }

    // ---- the lease

    /** Whether no other replica can lead now. */
    boolean leaseValid(long nowNanos) {
        return lease.valid(nowNanos);
    }

    /** A voter answered a request of a term that was sent at {@code sentNanos}, 0 when it does not say. */
    void acknowledged(RaftEndpoint from, int term, long sentNanos) {
        lease.acknowledged(from, term, sentNanos);
    }

    /** The first entry of a leader was applied. */
    void newTermApplied(int term) {
        newTermApplied = term;
    }

    /** At the end of a turn: extends the lease of a leader as far as answers allow. */
    void extendLease(long nowNanos) {
        RaftState raft = node.state();
        if (raft.role() != RaftRole.LEADER) {
            return;
        }
        if (raft.term() != lease.term()) {
            lease.newTerm(raft.term());
            failedTransfer = Optional.empty();
        }
        if (failedTransfer.isPresent() && transfer.isEmpty() && isHarmless(failedTransfer.get(), raft)) {
            failedTransfer = Optional.empty();
            lease.unbar();
        }
        if (newTermApplied == raft.term()) {
            lease.open();
        }
        lease.extend(raft.remoteVotingMembers(), raft.isVotingMember(node.getLocalEndpoint()), nowNanos);
    }

    /** This replica leads no longer, or may not say so any more. */
    void endLease() {
        lease.end();
    }

    // ---- the transfer

    /**
     * Hands leadership over; for a leader only.
     *
     * @param done when this replica leads no longer, or with an {@link IllegalStateException} that says why it does not
     */
    void transfer(Member target, CompletableFuture<Void> done) {
        Endpoint endpoint = new Endpoint(target);
        if (endpoint.equals(node.getLocalEndpoint())) {
            done.complete(null);
        } else if (transfer.isPresent()) {
            done.completeExceptionally(new IllegalStateException("a transfer is under way"));
        } else {
            lease.bar();
            transfer = Optional.of(new Transfer(endpoint, done));
            tryTransfer();
        }
    }

    /** Whether a transfer is under way, in which case nothing may be proposed. */
    boolean transfers() {
        return transfer.isPresent();
    }

    /** Whether a transfer waits for entries to be committed: {@link #tryTransfer} is to be called again. */
    boolean transferWaits() {
        return transfer.isPresent() && !transfer.get().started;
    }

    /** Starts the transfer that waits, if everything is committed or this replica leads no longer. */
    void tryTransfer() {
        if (!transferWaits()) {
            return;
        }
        RaftState raft = node.state();
        if (raft.role() == RaftRole.LEADER && raft.commitIndex() < raft.log().lastLogOrSnapshotIndex()) {
            return;
        }
        Transfer current = transfer.get();
        current.started = true;
        node.transferLeadership(current.target).whenComplete((ok, error) -> {
            transfer = Optional.empty();
            transferEnded.run();
            boolean left = node.state().role() != RaftRole.LEADER;
            failedTransfer = Optional.of(
                    new FailedTransfer(current.target, node.state().log().lastLogOrSnapshotIndex()));
            Futures.complete(
                    current.done,
                    left ? null : error != null ? error : new IllegalStateException("the target did not take over"));
        });
    }

    /** The engine, or this replica, has stopped: ends the lease and tells who waits for a transfer. */
    void halted() {
        lease.end();
        transfer.ifPresent(t -> t.done.completeExceptionally(new IllegalStateException("the engine has stopped")));
    }

    /**
     * Whether a trigger that is still under way can start no election any more: its target ignores it once its log has gone
     * on, and nobody votes for one that is no member.
     */
    private static boolean isHarmless(FailedTransfer failed, RaftState raft) {
        FollowerState follower = raft.leaderState().getFollowerStateOrNull(failed.target);
        return follower == null || follower.matchIndex() > failed.lastIndex;
    }

    private record FailedTransfer(Endpoint target, long lastIndex) {}

    private static final class Transfer {
        private final Endpoint target;
        private final CompletableFuture<Void> done;
        private boolean started;

        Transfer(Endpoint target, CompletableFuture<Void> done) {
            this.target = target;
            this.done = done;
        }
    }
}
