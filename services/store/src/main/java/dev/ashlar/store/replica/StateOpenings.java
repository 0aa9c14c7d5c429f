package dev.ashlar.store.replica;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.jboss.logging.Logger;

/**
 * States that are opened at the same time, in the background: mostly that is waiting for files, and the log, which says whose
 * states they are, can be read meanwhile.
 *
 * <p>One thread takes them; {@link #close} closes those that nobody took.
 */
final class StateOpenings implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(StateOpenings.class);

    /** States that are opened at the same time. */
    private static final int OPENERS = 4;

    private final ReplicaStorage storage;
    private final Map<Path, Future<ReplicaStorage.State>> states = new LinkedHashMap<>();

    StateOpenings(ReplicaStorage storage, Collection<Path> directories) {
        this.storage = storage;
        ExecutorService openers = Executors.newFixedThreadPool(
                OPENERS, Thread.ofPlatform().daemon().name("open-", 0).factory());
        for (Path directory : directories) {
            states.put(directory, openers.submit(() -> storage.openState(directory)));
        }
        openers.shutdown();
    }

    /** The state of a directory, opened here when it was not there at the beginning. It is the caller's to close. */
    ReplicaStorage.State take(Path directory) throws IOException {
        Future<ReplicaStorage.State> state = states.remove(directory);
        return state == null ? storage.openState(directory) : result(state);
    }

    private static ReplicaStorage.State result(Future<ReplicaStorage.State> state) throws IOException {
        try {
            return state.get();
        } catch (ExecutionException failed) {
            switch (failed.getCause()) {
                case IOException unusable -> throw unusable;
                case RuntimeException bug -> throw bug;
                default -> throw new IllegalStateException(failed.getCause());
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("the store is stopping", stopping);
        }
    }

    @Override
    public void close() {
        for (Map.Entry<Path, Future<ReplicaStorage.State>> left : states.entrySet()) {
            try {
                result(left.getValue()).machine().close();
            } catch (IOException | RuntimeException unusable) {
                LOG.infof("%s, which is in no use, could not be opened or closed: %s", left.getKey(), unusable);
            }
        }
        states.clear();
    }
}
