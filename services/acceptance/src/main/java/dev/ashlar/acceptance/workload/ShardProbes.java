package dev.ashlar.acceptance.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

import dev.ashlar.acceptance.history.Call;
import dev.ashlar.acceptance.history.History;
import dev.ashlar.acceptance.history.Operation;
import dev.ashlar.acceptance.history.Outcome;
import dev.ashlar.common.key.ShardHash;

/** Measures when the shards take writes again: one client per shard puts to a key of its own until a put is acknowledged. */
public final class ShardProbes {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(2);
    private static final long PAUSE_MS = 10;
    private static final int FIRST_CLIENT_ID = 1_000;

    private final List<String> keys = new ArrayList<>();
    private final History history;
    private final AtomicLong values;
    private final KvClient client = new KvClient();

    /** @param values as for {@link Workload} */
    public ShardProbes(int shards, History history, AtomicLong values) {
        this.history = history;
        this.values = values;
        for (int shard = 0; shard < shards; shard++) {
            int candidate = 0;
            while (ShardHash.shardOf("probe-" + candidate, shards) != shard) {
                candidate++;
            }
            keys.add("probe-" + candidate);
        }
    }

    /** The key of each shard. */
    public List<String> keys() {
        return List.copyOf(keys);
    }

    /**
     * Milliseconds from {@code sinceNanos} until each shard has acknowledged a write.
     *
     * @throws AssertionError when one of them has not after {@code limit}
     */
    public List<Long> untilWritable(List<String> urls, long sinceNanos, Duration limit) {
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> waits = new ArrayList<>();
            for (int shard = 0; shard < keys.size(); shard++) {
                int probed = shard;
                waits.add(clients.submit(() -> probe(probed, urls, sinceNanos, limit)));
            }
            List<Long> tookMs = new ArrayList<>();
            for (Future<Long> wait : waits) {
                tookMs.add(wait.get());
            }
            return tookMs;
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private long probe(int shard, List<String> urls, long sinceNanos, Duration limit) throws InterruptedException {
        String key = keys.get(shard);
        for (int tries = 0; ; tries++) {
            Call call = new Call.Put(values.incrementAndGet());
            long invokeNanos = System.nanoTime();
            Outcome outcome = client.send(urls.get((shard + tries) % urls.size()), key, call, ANSWER_MAX);
            long returnNanos = System.nanoTime();
            history.add(new Operation(FIRST_CLIENT_ID + shard, key, call, outcome, invokeNanos, returnNanos));
            if (outcome instanceof Outcome.Written) {
                return (returnNanos - sinceNanos) / 1_000_000;
            }
            if (returnNanos - sinceNanos > limit.toNanos()) {
                throw new AssertionError("shard " + shard + " took no write for " + limit.toSeconds() + " s after "
                        + tries + " tries; the last outcome: " + outcome);
            }
            Thread.sleep(PAUSE_MS);
        }
    }
}
