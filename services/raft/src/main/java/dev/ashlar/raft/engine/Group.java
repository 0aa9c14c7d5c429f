package dev.ashlar.raft.engine;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.microraft.MembershipChangeMode;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNodeStatus;
import io.microraft.RaftRole;
import io.microraft.impl.RaftNodeImpl;
import io.microraft.impl.state.LeaderState;
import io.microraft.impl.state.RaftState;
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
import dev.ashlar.raft.wire.Entry;
import dev.ashlar.raft.wire.Envelope;
import dev.ashlar.raft.wire.Operation;

/**
 * One replica: what ties its MicroRaft node, its log, its state machine and its clients together. It knows when each of its parts
 * is to act, and whether it still may; what is decided then is theirs: {@link Proposals}, {@link Leadership}, {@link Elections},
 * {@link Freshness}, {@link StatusBoard}.
 */
final class Group implements ReplicatedGroup, GroupState.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Group.class);

    private final int id;
    private final Member local;
    private final Engine engine;
    private final StateMachine state;
    private final GroupLog log;
    private final GroupPort port;
    private final GroupState applier;
    private final SnapshotReceiver snapshots;
    private final Timing timing;
    private final Leadership leadership;
    private final Proposals proposals;
    private final StatusBoard status;
    private final Freshness freshness = new Freshness();
    private RaftNodeImpl node;
    private Elections elections;
    private boolean applied;
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
        this.timing = timing;
        this.leadership = new Leadership(timing, this::transferEnded);
        this.proposals = new Proposals(engine, this::replicate, this::pumpLater);
        this.status = new StatusBoard(id, local, state.appliedIndex(), this::leadershipLost);
        this.applier = new GroupState(state, this);
    }

    void bind(RaftNodeImpl raft) {
        node = raft;
        elections = new Elections(raft, timing);
        leadership.bind(raft);
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
        if (status.current().role() == GroupStatus.Role.STOPPED) {
            command.failed(Command.Failure.NOT_LEADER);
        } else if (engine.blocked()) {
            command.failed(Command.Failure.DISK_FULL);
        } else {
            proposals.submit(command);
        }
    }

    @Override
    public GroupStatus status() {
        return status.current();
    }

    @Override
    public boolean leaseValid() {
        return leadership.leaseValid(engine.clockNanos());
    }

    @Override
    public long stalenessMs() {
        long now = engine.clockNanos();
        return leadership.leaseValid(now) ? 0 : freshness.ageMs(now);
    }

    @Override
    public void readBarrier(Runnable ready, Consumer<Command.Failure> failed) {
        if (engine.blocked()) {
            failed.accept(Command.Failure.NOT_LEADER);
        } else {
            engine.post(new ReadBarrier(engine, this, ready, failed));
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
            } else {
                MembershipChange.start(node, member, mode, done);
            }
        });
        return done;
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
                    if (envelope.echoNanos() != 0) {
                        freshness.heard(envelope.echoNanos(), request.getCommitIndex());
                    }
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
        leadership.acknowledged(from, term, envelope.echoNanos());
        port.answered(from, envelope.sentNanos());
    }

    // ---- engine thread: commands and what becomes of them

    private void pumpLater() {
        engine.pumpLater(this);
    }

    /** Proposes what waits, as far as that is allowed. */
    void pump() {
        if (isStopped() || !leads()) {
            proposals.refuse();
        } else if (!leadership.transfers()) {
            proposals.propose();
        }
    }

    private CompletableFuture<?> replicate(Operation.Batch batch) {
        engine.touch(this);
        return node.replicate(batch);
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
        leadership.endLease();
        engine.touch(this);
        // Not here: MicroRaft is in the middle of something.
        engine.post(() -> {
            var unused = node.terminate();
            halted();
        });
    }

    @Override
    public String logDamage() {
        return log.damage();
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
            leadership.newTermApplied(entry.getTerm());
        }
        ((Entry) entry).dropOperation();
    }

    // ---- engine thread: transfer of leadership

    private void startTransfer(Member target, CompletableFuture<Void> done) {
        engine.touch(this);
        if (isStopped() || !leads()) {
            done.completeExceptionally(new IllegalStateException(local + " does not lead group " + id));
        } else {
            leadership.transfer(target, engine.now(), done);
        }
    }

    /** A connection to a peer is up. */
    void reachable(String nodeId) {
        if (!isStopped() && leads()) {
            engine.touch(this);
            leadership.greet(nodeId);
        }
    }

    private void transferEnded() {
        engine.touch(this);
        engine.pumpLater(this);
    }

    private void leadershipLost() {
        leadership.endLease();
        proposals.refuse();
    }

    // ---- engine thread: end of turn, syncs, housekeeping

    /** Makes the turn's effects visible; runs whenever something happened to this replica. */
    void endTurn() throws IOException {
        if (applied && stateFault.isEmpty()) {
            applied = false;
            state.endOfTurn();
        }
        freshness.visible(state.appliedIndex());
        if (!isStopped()) {
            leadership.extendLease(engine.now());
            leadership.beginTransfer(engine.now());
            if (leadership.transferWaits()) {
                engine.post(leadership::tryTransfer);
            }
            port.endTurn();
        }
        publish(false);
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
        leadership.halted();
        proposals.halted();
        publish(true);
    }

    boolean isStopped() {
        RaftNodeStatus now = node.getStatus();
        return now == RaftNodeStatus.TERMINATED
                || now == RaftNodeStatus.INITIAL
                || !stateFault.isEmpty()
                || !engine.fault().isEmpty();
    }

    private void publish(boolean now) {
        RaftState raft = node.state();
        GroupStatus.Role role = isStopped() ? GroupStatus.Role.STOPPED : StatusParts.role(raft);
        status.publish(role, raft, state.appliedIndex(), engine.now(), now);
    }
}
