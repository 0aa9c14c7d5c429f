package dev.ashlar.store.kv;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

import dev.ashlar.raft.Command;
import dev.ashlar.raft.LogEntry;
import dev.ashlar.raft.state.RocksResources;

/** One shard on a disk of its own, driven as the engine drives it. */
final class KvFixture implements AutoCloseable {
    static final long START_MS = 1_800_000_000_000L;
    static final long HISTORY_BYTES_MAX = 20_000;

    final RocksResources resources = new RocksResources(RocksResources.Budget.of(8 << 20, 8 << 20));
    final Path root;
    private final long answersMax;
    private final long windowMs;
    KvStateMachine shard;
    long index;
    long nowMs = START_MS;

    KvFixture() throws IOException {
        this(1000, 60_000);
    }

    KvFixture(long answersMax, long windowMs) throws IOException {
        this.answersMax = answersMax;
        this.windowMs = windowMs;
        root = Files.createTempDirectory("kv");
        shard = open("state");
    }

    KvStateMachine open(String name) throws IOException {
        return KvStateMachine.open(
                resources,
                root.resolve(name),
                answersMax,
                windowMs,
                new History.Window(5 * answersMax, HISTORY_BYTES_MAX, windowMs));
    }

    void reopen() throws IOException {
        shard.close();
        shard = open("state");
    }

    /** Applies commands as one entry in one turn; the answers, in order. */
    List<KvResult> apply(KvCommand... commands) throws IOException {
        List<KvSubmission> submissions = new ArrayList<>();
        List<KvResult> results = new ArrayList<>();
        for (KvCommand command : commands) {
            submissions.add(submission(command, Optional.empty(), results));
        }
        run(submissions);
        return results;
    }

    KvResult one(KvCommand command) throws IOException {
        return apply(command).getFirst();
    }

    KvResult idempotent(String key, KvCommand command) throws IOException {
        List<KvResult> results = new ArrayList<>();
        run(List.of(submission(command, Optional.of(key), results)));
        return results.getFirst();
    }

    KvSubmission submission(KvCommand command, Optional<String> idempotencyKey, List<KvResult> results) {
        return KvSubmission.of(command, nowMs, idempotencyKey, new KvCallback() {
            @Override
            public void applied(KvResult result) {
                results.add(result);
            }

            @Override
            public void failed(Command.Failure failure) {
                throw new AssertionError("failed: " + failure);
            }
        });
    }

    void run(List<KvSubmission> submissions) throws IOException {
        shard.apply(entry(++index, submissions));
        shard.endOfTurn();
    }

    static LogEntry entry(long index, List<KvSubmission> submissions) {
        return new LogEntry(
                index, submissions.stream().map(KvSubmission::bytes).toList(), new ArrayList<Command>(submissions));
    }

    static KvCommand put(String key, String value) {
        return put(key, value, Precondition.NONE, 0);
    }

    static KvCommand put(String key, String value, Precondition precondition, long ttlMs) {
        return new KvCommand.Put(
                key, value.getBytes(StandardCharsets.UTF_8), ContentTypes.DEFAULT, precondition, ttlMs);
    }

    static KvCommand delete(String key) {
        return new KvCommand.Delete(key, Precondition.NONE);
    }

    String value(String key) throws IOException {
        return shard.get(key)
                .map(item -> new String(item.value(), StandardCharsets.UTF_8))
                .orElse("absent");
    }

    /** What a disk holds after kill -9: the files as they are now, none of the memory. The shard must be quiet. */
    void copyAsAfterCrash(String to) throws IOException {
        Path from = root.resolve("state");
        Path target = Files.createDirectories(root.resolve(to));
        Map<String, Long> copied;
        do {
            // A compaction in the background may still replace files: then that was no copy of any moment.
            copied = sizes(from);
            for (String name : sizes(target).keySet()) {
                Files.delete(target.resolve(name));
            }
            for (String name : copied.keySet()) {
                try {
                    Files.copy(from.resolve(name), target.resolve(name));
                } catch (NoSuchFileException e) {
                    break;
                }
            }
        } while (!sizes(from).equals(copied) || !sizes(target).equals(copied));
    }

    private static Map<String, Long> sizes(Path directory) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                try {
                    if (!name.equals("LOCK")) {
                        sizes.put(name, Files.size(file));
                    }
                } catch (NoSuchFileException e) {
                    // It has just been deleted, as if it had not been listed.
                    continue;
                }
            }
        }
        return sizes;
    }

    @Override
    public void close() throws IOException {
        shard.close();
        resources.close();
        try (Stream<Path> paths = Files.walk(root)) {
            paths.sorted(java.util.Comparator.reverseOrder())
                    .forEach(path -> path.toFile().delete());
        }
    }
}
