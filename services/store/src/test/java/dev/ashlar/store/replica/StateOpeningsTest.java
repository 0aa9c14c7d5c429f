package dev.ashlar.store.replica;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;

import dev.ashlar.raft.HostOptions;
import dev.ashlar.raft.RaftHost;
import dev.ashlar.raft.StateMachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class StateOpeningsTest {
    private static final Path TAKEN = Path.of("0-1");
    private static final Path LEFT_OVER = Path.of("1-1");
    private static final Path BROKEN = Path.of("2-1");
    private static final Path NEW = Path.of("3-1");

    private final Set<Path> opened = ConcurrentHashMap.newKeySet();
    private final Set<Path> closed = ConcurrentHashMap.newKeySet();
    private final ReplicaStorage storage = new Storage();

    @Test
    void whatNobodyTakesIsClosedAndWhatIsTakenIsNot() throws Exception {
        ReplicaStorage.State taken;
        try (StateOpenings openings = new StateOpenings(storage, List.of(TAKEN, LEFT_OVER, BROKEN))) {
            taken = openings.take(TAKEN);
            openings.take(NEW);
        }
        assertThat(opened).containsExactlyInAnyOrder(TAKEN, LEFT_OVER, NEW);
        assertThat(closed).containsExactly(LEFT_OVER);
        taken.machine().close();
        assertThat(closed).contains(TAKEN);
    }

    @Test
    void theOneThatCannotBeOpenedFailsAloneAndWithItsReason() {
        try (StateOpenings openings = new StateOpenings(storage, List.of(BROKEN, TAKEN))) {
            assertThatThrownBy(() -> openings.take(BROKEN))
                    .isInstanceOf(IOException.class)
                    .hasMessage("no state in 2-1");
        }
        assertThat(closed).containsExactly(TAKEN);
    }

    private final class Storage implements ReplicaStorage {
        @Override
        public RaftHost openHost(HostOptions options) {
            throw new AssertionError();
        }

        @Override
        public State openState(Path directory) throws IOException {
            if (directory.equals(BROKEN)) {
                throw new IOException("no state in " + directory);
            }
            opened.add(directory);
            StateMachine machine = (StateMachine) Proxy.newProxyInstance(
                    StateMachine.class.getClassLoader(),
                    new Class<?>[] {StateMachine.class},
                    (self, method, arguments) -> {
                        assertThat(method.getName()).isEqualTo("close");
                        return closed.add(directory) ? null : new AssertionError("closed twice");
                    });
            return new State(machine, null);
        }

        @Override
        public void deleteState(Path directory) {
            throw new AssertionError();
        }

        @Override
        public void close() {}
    }
}
