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
 *   <li>A transfer begins once its target has answered a request that was sent after it was asked for, and lacks no more entries
 *       than go into one request: writes do not wait for one that has just stopped, or lags. It is refused after
 *       {@link Timing#transferPatienceNanos}.
 *   <li>From then on the lease is barred, and no command is proposed until the transfer has ended. MicroRaft retries one only
 *       after a heartbeat period, so it gets it once everything is committed.
 *   <li>A transfer that failed may still trigger an election: the lease stays barred until its target would ignore the trigger.
 * </ol>
 *
 * <p>{@link #leaseValid} is called from any thread, everything else on the engine thread.
 */
final class Leadership {
    private final Timing timing;
    private final Lease lease;
    private final Runnable transferEnded;
    private RaftNodeImpl node;
    private int newTermApplied;
    private Optional<Transfer> transfer = Optional.empty();
    private Optional<FailedTransfer> failedTransfer = Optional.empty();

    /** @param transferEnded runs when commands may be proposed again, or must be refused */
    Leadership(Timing timing, Runnable transferEnded) {
        this.timing = timing;
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
        transfer.filter(waiting -> waiting.target.equals(from)).ifPresent(waiting -> waiting.answered(sentNanos));
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
        if (failedTransfer.isPresent() && !transfers() && isHarmless(failedTransfer.get(), raft)) {
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

    /** Shows a follower that can be reached again who leads; it has been silent, and would be asked less and less often. */
    void greet(String nodeId) {
        RaftState raft = node.state();
        for (RaftEndpoint member : raft.remoteMembers()) {
            FollowerState follower = raft.leaderState().getFollowerStateOrNull(member);
            if (follower != null && Endpoint.memberOf(member).nodeId().equals(nodeId)) {
                follower.resetRequestBackoff();
                node.sendAppendEntriesRequest(member);
            }
        }
    }

    // ---- the transfer

    /**
     * Hands leadership over; for a leader only.
     *
     * @param nowNanos of the clock that requests carry
     * @param done when this replica leads no longer, or with an {@link IllegalStateException} that says why it does not
     */
    void transfer(Member target, long nowNanos, CompletableFuture<Void> done) {
        Endpoint endpoint = new Endpoint(target);
        if (endpoint.equals(node.getLocalEndpoint())) {
            done.complete(null);
        } else if (transfer.isPresent()) {
            done.completeExceptionally(new IllegalStateException("a transfer is under way"));
        } else {
            transfer = Optional.of(new Transfer(endpoint, done, nowNanos));
            if (node.state().leaderState().getFollowerStateOrNull(endpoint) != null) {
                node.sendAppendEntriesRequest(endpoint);
            }
        }
    }

    /** Whether a transfer is under way, in which case nothing may be proposed. */
    boolean transfers() {
        return transfer.isPresent() && transfer.get().writesHeld;
    }

    /** At the end of a turn: begins the transfer whose target is there, or refuses it. */
    void beginTransfer(long nowNanos) {
        if (transfer.isEmpty() || transfer.get().writesHeld) {
            return;
        }
        Transfer current = transfer.get();
        RaftState raft = node.state();
        if (raft.role() != RaftRole.LEADER) {
            transfer = Optional.empty();
            current.done.complete(null);
        } else if (current.targetIsThere(raft)) {
            current.writesHeld = true;
            lease.bar();
        } else if (nowNanos - current.askedNanos >= timing.transferPatienceNanos()) {
            transfer = Optional.empty();
            current.done.completeExceptionally(
                    new IllegalStateException(current.target + " is no follower, does not answer, or lags"));
        }
    }

    /** Whether a transfer waits for entries to be committed: {@link #tryTransfer} is to be called again. */
    boolean transferWaits() {
        return transfers() && !transfer.get().handedOn;
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
        current.handedOn = true;
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
        private final long askedNanos;
        private boolean answered;
        /** Nothing is proposed any more. */
        private boolean writesHeld;
        /** MicroRaft has been asked. */
        private boolean handedOn;

        Transfer(Endpoint target, CompletableFuture<Void> done, long askedNanos) {
            this.target = target;
            this.done = done;
            this.askedNanos = askedNanos;
        }

        /** The target answered a request that was sent at {@code sentNanos}, 0 when it does not say. */
        void answered(long sentNanos) {
            answered |= sentNanos != 0 && sentNanos - askedNanos >= 0;
        }

        boolean targetIsThere(RaftState raft) {
            FollowerState follower = raft.leaderState().getFollowerStateOrNull(target);
            return answered
                    && follower != null
                    && raft.log().lastLogOrSnapshotIndex() - follower.matchIndex() <= Timing.APPEND_ENTRIES_MAX;
        }
    }
}
