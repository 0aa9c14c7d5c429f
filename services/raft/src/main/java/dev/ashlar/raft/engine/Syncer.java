package dev.ashlar.raft.engine;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

import dev.ashlar.raft.log.PendingSync;

/** Where syncs run. One at a time. */
interface Syncer extends AutoCloseable {
    /** Runs the sync elsewhere, then calls {@code done} there with its failure, if any. */
    void start(PendingSync sync, Consumer<Optional<IOException>> done);

    @Override
    void close();
}
