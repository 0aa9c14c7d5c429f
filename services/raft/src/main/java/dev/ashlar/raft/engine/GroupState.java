package dev.ashlar.raft.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

import io.microraft.impl.statemachine.InternalCommitAware;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.StateMachine;
import dev.ashlar.raft.state.StateDiskFullException;
import dev.ashlar.raft.wire.Operation;

/**
 * MicroRaft's view of a group's state machine. The state may be ahead of MicroRaft: after a restart MicroRaft commits
 * again from the last snapshot mark, after the installation of a snapshot from that snapshot's index, while the state
 * already contains later, committed entries; those are passed over.
 *
 * <p>MicroRaft takes an exception of a state machine for a result and applies the next entry, which would leave this replica
 * without one that the others have (S3). So after the first failure nothing is applied any more, and the group is stopped.
 */
final class GroupState implements io.microraft.statemachine.StateMachine, InternalCommitAware {
    private static final Logger LOG = LoggerFactory.getLogger(GroupState.class);

    private static final Staged NOTHING = new Staged(0, Path.of(""));

    /** What the group learns of what happens to the state. */
    interface Listener {
        void applied(long index, Operation operation);

        /** The state was replaced by a snapshot, durably. */
        void installed(long index);

        /** The state is not what MicroRaft takes it for, and MicroRaft goes on: nothing may be answered any more. */
        void stateFailed(Exception cause);
    }

    private final StateMachine state;
    private final Listener listener;
    private Staged staged = NOTHING;
    private boolean failed;

    GroupState(StateMachine state, Listener listener) {
        this.state = state;
        this.listener = listener;
    }

    /** Files of a snapshot that lie ready, containing the state at {@code index}; {@link #installSnapshot} takes them. */
    void stage(long index, Path directory) {
        staged = new Staged(index, directory);
    }

    /** The files that lay ready are about to be deleted. */
    void unstage() {
        staged = NOTHING;
    }

    /** Applies nothing from now on. */
    void stop() {
        failed = true;
    }

    /** Writes what was applied, which must come before a snapshot replaces the state; false while the disk is full. */
    boolean writesState() {
        if (failed) {
            return false;
        }
        try {
            state.endOfTurn();
            return true;
        } catch (StateDiskFullException e) {
            return false;
        } catch (IOException e) {
            listener.stateFailed(e);
            return false;
        }
    }

    /** The index of the snapshot that lies ready, 0 for none. */
    long stagedIndex() {
        return staged.index;
    }

    @Override
    public Object runOperation(long commitIndex, Object operation) {
        Operation op = (Operation) operation;
        if (failed) {
            return commitIndex;
        }
        try {
            switch (op) {
                case Operation.Batch batch
                when commitIndex > state.appliedIndex() ->
                    state.apply(new LogEntry(commitIndex, batch.commands(), batch.origins()));
                default -> advance(commitIndex);
            }
        } catch (StateDiskFullException e) {
            // The state keeps the effects and writes them at the end of the turn, or as soon as there is room.
            LOG.debug("index {} waits for room on the disk", commitIndex, e);
        } catch (IOException | RuntimeException e) {
            throw failed(e);
        }
        listener.applied(commitIndex, op);
        return commitIndex;
    }

    private void advance(long index) {
        if (!failed && index > state.appliedIndex()) {
            state.advance(index);
        }
    }

    /** A membership change: no business of the state's, but its applied index moves on. */
    @Override
    public void onInternalCommit(long commitIndex) {
        advance(commitIndex);
    }

    /** Costs nothing: the files are made when somebody asks for them. */
    @Override
    public void takeSnapshot(long commitIndex, Consumer<Object> snapshotChunkConsumer) {
        snapshotChunkConsumer.accept(new Operation.SnapshotRef(commitIndex));
        state.requestFlush();
    }

    @Override
    public void installSnapshot(long commitIndex, List<Object> snapshotChunks) {
        if (failed) {
            return;
        }
        if (commitIndex <= state.appliedIndex()) {
            listener.installed(commitIndex);
            return;
        }
        try {
            if (staged.index < commitIndex) {
                throw new IllegalStateException(
                        "snapshot " + commitIndex + " is to be installed, but files of " + staged.index + " lie ready");
            }
            state.install(staged.directory);
        } catch (IOException | RuntimeException e) {
            throw failed(e);
        }
        staged = NOTHING;
        listener.installed(commitIndex);
    }

    @Override
    public Object getNewTermOperation() {
        return new Operation.NewTerm();
    }

    /** MicroRaft catches whatever its state machine throws, so the exception alone would stop nothing. */
    private StateFault failed(Exception cause) {
        failed = true;
        listener.stateFailed(cause);
        return new StateFault(cause);
    }

    /** The state machine failed. */
    static final class StateFault extends RuntimeException {
        private static final long serialVersionUID = 1;

        StateFault(Exception cause) {
            super(cause.getMessage(), cause);
        }
    }

    private record Staged(long index, Path directory) {}
}
