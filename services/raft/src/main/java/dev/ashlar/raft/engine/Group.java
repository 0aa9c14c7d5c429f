package dev.ashlar.raft.engine;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.microraft.MembershipChangeMode;
import io.microraft.QueryPolicy;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNodeStatus;
import io.microraft.RaftRole;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.state.FollowerState;
import io.microraft.impl.state.LeaderState;
import io.microraft.impl.state.RaftState;
import io.microraft.impl.statemachine.NoOp;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.InstallSnapshotRequest;
import io.microraft.model.message.RaftMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.raft.Command;
import dev.ashlar.raft.GroupStatus;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.ReplicatedGroup;
import dev.ashlar.raft.StateMachine;
import dev.ashlar.raft.log.LogPosition;
import dev.ashlar.raft.wire.Endpoint;
import dev.ashlar.raft.wire.Entry;
import dev.ashlar.raft.wire.Envelope;
import dev.ashlar.raft.wire.Operation;

/** One replica: what ties its MicroRaft node, its log, its state machine and its clients together. */
final class Group implements ReplicatedGroup, GroupState.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Group.class);

    /** How old the counters of {@link #status()} may get; role, term, leader and members are never old. */
    private static final long STATUS_PERIOD_NANOS = 50_000_000;

    private static final long NEVER = Long.MIN_VALUE;

    private final int id;
    private final Member local;
    private final Engine engine;
    private final StateMachine state;
    private final GroupLog log;
    private final GroupPort port;
    private final GroupState applier;
    private final SnapshotReceiver snapshots;
    private final Lease lease;
    private final Timing timing;
    private final CommandQueue queue = new CommandQueue();
    private RaftNodeImpl node;
    private Elections elections;

    private int inFlight;
    private long leaderEchoNanos = NEVER;
    private long leaderCommitIndex;
    private int newTermApplied;
    private boolean applied;
    private GroupStatus.Role lastRole = GroupStatus.Role.FOLLOWER;
    private long statusNanos = NEVER;
    private Optional<Transfer> transfer = Optional.empty();
    private Optional<FailedTransfer> failedTransfer = Optional.empty();

    private volatile GroupStatus status;
    private volatile long freshNanos = NEVER;
    private volatile String stateFault = "";

    Group(
            int id,
            Member local,
            Engine engine,
            StateMachine state,
            GroupLog log,
            GroupPort port,
            Timing timing,
            SnapshotReceiver snapshots) {
        this.id = id;
        this.local = local;
        this.engine = engine;
        this.state = state;
        this.log = log;
        this.port = port;
        this.snapshots = snapshots;
        this.lease = new Lease(timing);
        this.timing = timing;
        this.applier = new GroupState(state, this);
        this.status = new GroupStatus(
                id,
                local,
                GroupStatus.Role.FOLLOWER,
                0,
                Optional.empty(),
                0,
                state.appliedIndex(),
                0,
                0,
                List.of(),
                List.of(),
                Map.of());
    }

    void bind(RaftNodeImpl raft) {
        node = raft;
        elections = new Elections(raft, timing);
    }

    GroupState applier() {
        return applier;
    }

    boolean leads() {
        return node.state().role() == RaftRole.LEADER;
    }

    Elections elections() {
        return elections;
    }

    int id() {
        return id;
    }

    Member local() {
        return local;
    }

    GroupLog log() {
        return log;
    }

    StateMachine state() {
        return state;
    }

    RaftNodeImpl node() {
        return node;
    }

    // ---- any thread

    @Override
    public void submit(Command command) {
        if (status.role() == GroupStatus.Role.STOPPED) {
            command.failed(Command.Failure.NOT_LEADER);
        } else if (engine.blocked()) {
            command.failed(Command.Failure.DISK_FULL);
        } else if (!queue.offer(command)) {
            command.failed(Command.Failure.OVERLOADED);
        } else if (queue.markPosted()) {
            engine.post(this::pumpPosted);
        }
    }

    @Override
    public GroupStatus status() {
        return status;
    }

    @Override
    public boolean leaseValid() {
        return lease.valid(engine.clockNanos());
    }

    @Override
    public long stalenessMs() {
        long now = engine.clockNanos();
        if (lease.valid(now)) {
            return 0;
        }
        long fresh = freshNanos;
        return fresh == NEVER ? Long.MAX_VALUE : Math.max(0, (now - fresh) / 1_000_000);
    }

    @Override
    public void readBarrier(Runnable ready, Consumer<Command.Failure> failed) {
        if (engine.blocked()) {
            failed.accept(Command.Failure.NOT_LEADER);
            return;
        }
        engine.post(() -> {
            engine.touch(this);
            if (isStopped()) {
                failed.accept(Command.Failure.NOT_LEADER);
                return;
            }
            node.query(NoOp.INSTANCE, QueryPolicy.LINEARIZABLE, Optional.empty(), Optional.empty())
                    .whenComplete((done, error) -> {
                        if (error == null) {
                            engine.touch(this);
                            engine.afterTurn(() -> afterBarrier(ready, failed));
                        } else {
                            failed.accept(Command.Failure.NOT_LEADER);
                        }
                    });
        });
    }

    /** At the end of the turn this replica may have stopped: MicroRaft goes on when a state failed, and counts that as applied. */
    private void afterBarrier(Runnable ready, Consumer<Command.Failure> failed) {
        if (isStopped()) {
            failed.accept(Command.Failure.NOT_LEADER);
        } else {
            ready.run();
        }
    }

    @Override
    public CompletableFuture<Void> transferLeadership(Member target) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        engine.post(() -> startTransfer(target, done));
        return done;
    }

    @Override
    public CompletableFuture<Void> addLearner(Member learner) {
        return change(learner, MembershipChangeMode.ADD_LEARNER);
    }

    @Override
    public CompletableFuture<Void> promote(Member member) {
        return change(member, MembershipChangeMode.ADD_OR_PROMOTE_TO_FOLLOWER);
    }

    @Override
    public CompletableFuture<Void> remove(Member member) {
        return change(member, MembershipChangeMode.REMOVE_MEMBER);
    }

    private CompletableFuture<Void> change(Member member, MembershipChangeMode mode) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        engine.post(() -> {
            engine.touch(this);
            if (isStopped()) {
                done.completeExceptionally(new IllegalStateException("the replica has stopped"));
            } else if (isChanged(member, mode)) {
                done.complete(null);
            } else {
                node.changeMembership(
                                new Endpoint(member),
                                mode,
                                node.getCommittedMembers().getLogIndex())
                        .whenComplete((members, error) -> Futures.complete(done, error));
            }
        });
        return done;
    }

    private boolean isChanged(Member member, MembershipChangeMode mode) {
        Endpoint endpoint = new Endpoint(member);
        var members = node.getCommittedMembers();
        return switch (mode) {
            case ADD_LEARNER -> members.getMembers().contains(endpoint);
            case ADD_OR_PROMOTE_TO_FOLLOWER -> members.getVotingMembers().contains(endpoint);
            case REMOVE_MEMBER -> !members.getMembers().contains(endpoint);
        };
    }

    // ---- engine thread: messages

    /** A message for this replica. */
    void receive(Envelope envelope, RaftMessage message) {
        if (isStopped() || envelope.toReplica() != local.replicaId() || port.isBarred(message)) {
            return;
        }
        engine.touch(this);
        switch (message) {
            case AppendEntriesRequest request -> {
                if (request.getTerm() >= node.state().term()) {
                    elections.leaderHeard(engine.now());
                }
                if (request.getTerm() >= node.state().term() && envelope.echoNanos() != 0) {
                    leaderEchoNanos = envelope.echoNanos();
                    leaderCommitIndex = request.getCommitIndex();
                }
                port.answering(envelope.sentNanos(), new MatchAtSnapshot(node, request));
                return;
            }
            case AppendEntriesSuccessResponse answer -> answered(answer.getSender(), answer.getTerm(), envelope);
            case AppendEntriesFailureResponse refusal -> {
                answered(refusal.getSender(), refusal.getTerm(), envelope);
                ShortLog.heed(node.state(), refusal);
            }
            case InstallSnapshotRequest request
            when !snapshots.isReady(this, request) -> {
                return;
            }
            default -> {}
        }
        port.answering(envelope.sentNanos(), () -> node.handle(message));
    }

    private void answered(RaftEndpoint from, int term, Envelope envelope) {
        lease.acknowledged(from, term, envelope.echoNanos());
        port.answered(from, envelope.sentNanos());
    }

    // ---- engine thread: commands

    private void pumpPosted() {
        engine.pumpLater(this);
    }

    /** Proposes what waits, as far as entries may be in flight. Submitters wake the engine only when nothing else will. */
    void pump() {
        if (isStopped() || node.state().role() != RaftRole.LEADER) {
            queue.clearPosted();
            queue.failAll(Command.Failure.NOT_LEADER);
            return;
        }
        if (transfer.isPresent()) {
            return;
        }
        while (inFlight < CommandQueue.IN_FLIGHT_MAX) {
            queue.clearPosted();
            if (queue.isEmpty()) {
                return;
            }
            if (engine.log().full()) {
                queue.failAll(Command.Failure.DISK_FULL);
                return;
            }
            propose(queue.take());
        }
        // The end of an entry in flight looks again.
        queue.markPosted();
    }

    private void propose(Operation.Batch batch) {
        inFlight++;
        engine.touch(this);
        node.replicate(batch).whenComplete((index, error) -> {
            inFlight--;
            engine.pumpLater(this);
            if (error != null) {
                Command.Failure failure = Futures.failureOf(error);
                batch.origins().forEach(command -> command.failed(failure));
            }
        });
    }

    @Override
    public void installed(long index) {
        log.installed(index);
    }

    /** The state can be read or written no more: this replica stops, the others of the process go on. */
    @Override
    public void stateFailed(Exception cause) {
        if (!stateFault.isEmpty()) {
            return;
        }
        stateFault = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        LOG.error("group {}: {} stops: {}", id, local, stateFault, cause);
        applier.stop();
        lease.end();
        engine.touch(this);
        // Not here: MicroRaft is in the middle of something.
        engine.post(() -> {
            var unused = node.terminate();
            halted();
        });
    }

    @Override
    public String fault() {
        return stateFault;
    }

    @Override
    public void applied(long index, Operation operation) {
        applied = true;
        engine.touch(this);
        var entry = node.state().log().getLogEntry(index);
        if (operation instanceof Operation.NewTerm) {
            newTermApplied = entry.getTerm();
        }
        ((Entry) entry).dropOperation();
    }

    // ---- engine thread: transfer of leadership

    private void startTransfer(Member target, CompletableFuture<Void> done) {
        engine.touch(this);
        if (isStopped() || node.state().role() != RaftRole.LEADER) {
            done.completeExceptionally(new IllegalStateException(local + " does not lead group " + id));
        } else if (target.equals(local)) {
            done.complete(null);
        } else if (transfer.isPresent()) {
            done.completeExceptionally(new IllegalStateException("a transfer is under way"));
        } else {
            lease.bar();
            transfer = Optional.of(new Transfer(new Endpoint(target), done));
            tryTransfer();
        }
    }

    /** MicroRaft retries a transfer only after a heartbeat period; so it gets it once everything is committed. */
    private void tryTransfer() {
        RaftState raft = node.state();
        if (transfer.isEmpty() || transfer.get().started) {
            return;
        }
        if (raft.role() == RaftRole.LEADER && raft.commitIndex() < raft.log().lastLogOrSnapshotIndex()) {
            return;
        }
        Transfer current = transfer.get();
        current.started = true;
        node.transferLeadership(current.target).whenComplete((ok, error) -> {
            transfer = Optional.empty();
            engine.touch(this);
            engine.pumpLater(this);
            boolean left = node.state().role() != RaftRole.LEADER;
            failedTransfer = Optional.of(
                    new FailedTransfer(current.target, node.state().log().lastLogOrSnapshotIndex()));
            Futures.complete(
                    current.done,
                    left ? null : error != null ? error : new IllegalStateException("the target did not take over"));
        });
    }

    // ---- engine thread: end of turn, syncs, housekeeping

    /** Makes the turn's effects visible; runs whenever something happened to this replica. */
    void endTurn() throws IOException {
        if (applied && stateFault.isEmpty()) {
            applied = false;
            state.endOfTurn();
        }
        if (leaderEchoNanos != NEVER && state.appliedIndex() >= leaderCommitIndex) {
            freshNanos = Math.max(freshNanos, leaderEchoNanos);
            leaderEchoNanos = NEVER;
        }
        if (!isStopped()) {
            extendLease();
            if (transfer.isPresent() && !transfer.get().started) {
                engine.post(this::tryTransfer);
            }
            port.endTurn();
        }
        publish(false);
    }

    private void extendLease() {
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
        lease.extend(raft.remoteVotingMembers(), raft.isVotingMember(node.getLocalEndpoint()), engine.now());
    }

    /** What is to be done when the epoch that ends now is durable: count the leader's own copy. */
    Optional<Runnable> sealed(long epoch) {
        LeaderState leader = node.state().leaderState();
        if (leader == null || log.entryEpoch() != epoch) {
            return Optional.empty();
        }
        long lastIndex = node.state().log().lastLogOrSnapshotIndex();
        return Optional.of(() -> {
            if (node.state().leaderState() == leader && !isStopped()) {
                engine.touch(this);
                leader.flushTaskSubmitted(false);
                if (lastIndex > leader.flushedLogIndex()) {
                    leader.flushedLogIndex(lastIndex);
                    node.tryAdvanceCommitIndex();
                }
            }
        });
    }

    /** Now and then: lets the log forget, and brings the status up to date. */
    void housekeep() {
        log.release(state.durableIndex());
        publish(false);
    }

    /** The log is pinned by this group: make its state durable and mark a snapshot, so that the log can shrink. */
    void shrinkLog() {
        state.requestFlush();
        if (!isStopped() && node.state().lastApplied() > node.state().log().snapshotIndex()) {
            node.takeSnapshot();
        }
    }

    /** An entry of the log has a new place. */
    void moved(long index, LogPosition position) {
        if (node.state().log().containsLogEntry(index)) {
            ((Entry) node.state().log().getLogEntry(index)).stored(position, engine.log()::read);
        }
    }

    /** The engine, or this replica, has stopped: nobody gets an answer that could be wrong. */
    void halted() {
        lease.end();
        transfer.ifPresent(t -> t.done.completeExceptionally(new IllegalStateException("the engine has stopped")));
        queue.failAll(Command.Failure.NOT_LEADER);
        publish(true);
    }

    boolean isStopped() {
        RaftNodeStatus now = node.getStatus();
        return now == RaftNodeStatus.TERMINATED
                || now == RaftNodeStatus.INITIAL
                || !stateFault.isEmpty()
                || !engine.fault().isEmpty();
    }

    void publish(boolean now) {
        RaftState raft = node.state();
        GroupStatus.Role role = role(raft);
        boolean changed = role != status.role()
                || raft.term() != status.term()
                || raft.effectiveGroupMembers().getLogIndex() != status.membersIndex()
                || !StatusParts.leader(raft).equals(status.leader());
        if (changed && role != GroupStatus.Role.LEADER && lastRole == GroupStatus.Role.LEADER) {
            lease.end();
            // Entries in flight may never end, so nobody else would look at what comes now.
            queue.clearPosted();
            queue.failAll(Command.Failure.NOT_LEADER);
        }
        lastRole = role;
        if (changed && raft.leader() != null && raft.term() != status.term()) {
            LOG.info("group {}: {} leads in term {}", id, Endpoint.memberOf(raft.leader()), raft.term());
        }
        if (!changed && !now && engine.now() - statusNanos < STATUS_PERIOD_NANOS && statusNanos != NEVER) {
            return;
        }
        statusNanos = engine.now();
        if (changed || now || !StatusParts.isCurrent(status, raft, state.appliedIndex())) {
            status = StatusParts.next(status, role, raft, state.appliedIndex());
        }
    }

    private GroupStatus.Role role(RaftState raft) {
        if (isStopped()) {
            return GroupStatus.Role.STOPPED;
        }
        return switch (raft.role()) {
            case LEADER -> GroupStatus.Role.LEADER;
            case FOLLOWER -> GroupStatus.Role.FOLLOWER;
            case CANDIDATE -> GroupStatus.Role.CANDIDATE;
            case LEARNER -> GroupStatus.Role.LEARNER;
        };
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
