package dev.ashlar.raft.engine;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import dev.ashlar.raft.log.PendingSync;

/** Syncs on a platform thread of its own: it spends its time in fdatasync. */
final class SyncThread implements Syncer {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("ashlar-wal-sync").daemon().factory());

    @Override
    public void start(PendingSync sync, Consumer<Optional<IOException>> done) {
        thread.execute(() -> {
            try {
                sync.run();
            } catch (IOException e) {
                done.accept(Optional.of(e));
                return;
            } catch (RuntimeException | Error e) {
                done.accept(Optional.of(new IOException(e)));
                return;
            }
            done.accept(Optional.empty());
        });
    }

    @Override
    public void close() {
        thread.close();
    }
}
