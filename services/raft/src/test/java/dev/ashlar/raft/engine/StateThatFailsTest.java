package dev.ashlar.raft.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.SnapshotFiles;
import dev.ashlar.raft.StateMachine;
import dev.ashlar.raft.wire.Operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * MicroRaft logs what its state machine throws and goes on, with a state that is not what it believes. So a failure must be
 * told to the group, which stops (S3).
 */
class StateThatFailsTest {
    private final List<Exception> told = new ArrayList<>();
    private final GroupState state = new GroupState(new Failing(), new Listener());

    @Test
    void anEntryThatCannotBeApplied() {
        Operation.Batch batch = new Operation.Batch(List.of(new byte[1]), List.of());
        assertThatThrownBy(() -> state.runOperation(1, batch)).hasMessageContaining("broken disk");
        assertThat(told).hasSize(1);
    }

    @Test
    void aSnapshotThatCannotBeInstalled() {
        state.stage(7, Path.of("gone"));
        assertThatThrownBy(() -> state.installSnapshot(7, List.of())).hasMessageContaining("no such file");
        assertThat(told).hasSize(1);
    }

    @Test
    void aSnapshotWhoseFilesWereDeleted() {
        state.stage(7, Path.of("gone"));
        state.unstage();
        assertThat(state.stagedIndex()).isZero();
        assertThatThrownBy(() -> state.installSnapshot(7, List.of())).hasMessageContaining("files of 0 lie ready");
        assertThat(told).hasSize(1);
    }

    private final class Listener implements GroupState.Listener {
        @Override
        public void applied(long index, Operation operation) {
            throw new AssertionError("nothing was applied");
        }

        @Override
        public void installed(long index) {
            throw new AssertionError("nothing was installed");
        }

        @Override
        public void stateFailed(Exception cause) {
            told.add(cause);
        }
    }

    private static final class Failing implements StateMachine {
        @Override
        public long appliedIndex() {
            return 0;
        }

        @Override
        public void apply(LogEntry entry) throws IOException {
            throw new IOException("broken disk");
        }

        @Override
        public void advance(long index) {}

        @Override
        public void endOfTurn() {}

        @Override
        public long durableIndex() {
            return 0;
        }

        @Override
        public void requestFlush() {}

        @Override
        public SnapshotFiles snapshot() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void install(Path directory) throws IOException {
            throw new IOException("no such file");
        }

        @Override
        public void close() {}
    }
}
