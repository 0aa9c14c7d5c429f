package dev.ashlar.store.feed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.ashlar.raft.Command;
import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.state.RocksResources;
import dev.ashlar.store.kv.HistoryRows;
import dev.ashlar.store.kv.KvCallback;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvStateMachine;
import dev.ashlar.store.kv.KvSubmission;
import dev.ashlar.store.kv.Precondition;
import dev.ashlar.store.kv.RecentMetas;
import dev.ashlar.store.replica.Replica;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

/** The first shards, whose history a feed reads as that of another store. Further shards answer nothing. */
final class ShardsOnDisk extends RowSource implements AutoCloseable {
    private final RocksResources resources = new RocksResources(RocksResources.Budget.of(8 << 20, 8 << 20));
    private final Path root = Files.createTempDirectory("feed");
    private final List<KvStateMachine> shards = new ArrayList<>();
    private final AtomicLong index = new AtomicLong();
    /** Whether reading fails as a bug would. */
    volatile boolean broken;
    /** Whether shards have a new event whenever somebody has read them: all but the last one. */
    volatile boolean busy;
    /** Whether answers come after a while, as from another store. */
    volatile boolean far;

    ShardsOnDisk(int count) throws IOException {
        super(null, null, null, null);
        for (int shard = 0; shard < count; shard++) {
            shards.add(KvStateMachine.open(resources, new RecentMetas(), root.resolve("state" + shard)));
        }
    }

    void put(int shard, String key, byte[] value) throws IOException {
        KvCommand command = new KvCommand.Put(key, value, "text/plain", Precondition.NONE, 0);
        List<KvSubmission> submissions = List.of(KvSubmission.of(command, 1, Optional.empty(), KvCallback.NOBODY));
        KvStateMachine kv = shards.get(shard);
        kv.apply(new LogEntry(
                index.incrementAndGet(),
                submissions.stream().map(KvSubmission::bytes).toList(),
                new ArrayList<Command>(submissions)));
        kv.endOfTurn();
    }

    @Override
    Optional<Replica> local(int shard) {
        return Optional.empty();
    }

    @Override
    CompletableFuture<HistoryRows> read(int shard, long after, int bytesMax) {
        if (broken) {
            throw new IllegalStateException("a planted bug");
        }
        if (shard >= shards.size()) {
            return CompletableFuture.failedFuture(new IOException("nobody answers"));
        }
        try {
            HistoryRows rows = shards.get(shard).history(after, bytesMax);
            if (busy && shard < shards.size() - 1) {
                put(shard, "busy", new byte[0]);
            }
            return far
                    ? CompletableFuture.supplyAsync(() -> rows, CompletableFuture.delayedExecutor(1, MILLISECONDS))
                    : CompletableFuture.completedFuture(rows);
        } catch (IOException unreadable) {
            return CompletableFuture.failedFuture(unreadable);
        }
    }

    @Override
    public void close() throws IOException {
        for (KvStateMachine kv : shards) {
            kv.close();
        }
        resources.close();
        try (Stream<Path> paths = Files.walk(root)) {
            paths.sorted(Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }
}
