package dev.ashlar.acceptance.workload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dev.ashlar.acceptance.history.Call;
import dev.ashlar.acceptance.history.History;
import dev.ashlar.acceptance.history.Operation;
import dev.ashlar.acceptance.history.Outcome;

/**
 * Clients in closed loops over a few keys: puts, gets, deletes, and compare-and-sets on the revision that a client has seen
 * last, each through a store drawn at random. A call that did not happen for certain is tried once more, elsewhere, as a
 * client of ours would (S6).
 */
public final class Workload implements AutoCloseable {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
    private static final int PAUSE_MS_MAX = 12;
    /** After a call that nobody could take. */
    private static final int PAUSE_AFTER_FAILURE_MS = 50;

    private final List<String> storeUrls;
    private final History history;
    private final KvClient client = new KvClient();
    private final AtomicLong nextValue;
    private final List<String> keys;
    private final Map<String, Long> lastSeen = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicReference<Throwable> fault = new AtomicReference<>();
    private volatile boolean stopping;

    /**
     * Starts the clients.
     *
     * @param storeUrls base URLs of all stores, whether they live or not: a request that a frozen one takes may be executed
     *     when it thaws, long after its client gave up
     * @param values where the numbers for values come from; shared with everybody else who writes to the history
     */
    public Workload(
            List<String> storeUrls, History history, AtomicLong values, List<String> keys, int clients, long seed) {
        this.storeUrls = List.copyOf(storeUrls);
        this.history = history;
        this.nextValue = values;
        this.keys = List.copyOf(keys);
        for (int i = 0; i < clients; i++) {
            int id = i;
            threads.add(Thread.ofVirtual().name("client-" + id).start(() -> loop(id, new Random(seed * 1_000 + id))));
        }
    }

    private void loop(int id, Random random) {
        try {
            while (!stopping) {
                String key = keys.get(random.nextInt(keys.size()));
                Outcome outcome = run(id, random, key, call(key, random));
                Thread.sleep(outcome instanceof Outcome.Failed ? PAUSE_AFTER_FAILURE_MS : random.nextInt(PAUSE_MS_MAX));
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error unexpected) {
            fault.compareAndSet(null, unexpected);
        }
    }

    private Call call(String key, Random random) {
        long seen = lastSeen.getOrDefault(key, 1L);
        int dice = random.nextInt(100);
        if (dice < 40) {
            return new Call.Get();
        } else if (dice < 65) {
            return new Call.Put(nextValue.incrementAndGet());
        } else if (dice < 85) {
            return new Call.PutAt(nextValue.incrementAndGet(), seen);
        } else if (dice < 92) {
            return new Call.Create(nextValue.incrementAndGet());
        } else {
            return dice < 97 ? new Call.Delete() : new Call.DeleteAt(seen);
        }
    }

    private Outcome run(int id, Random random, String key, Call call) throws InterruptedException {
        long invokeNanos = System.nanoTime();
        Outcome outcome = send(random, key, call);
        if (outcome instanceof Outcome.Failed) {
            outcome = send(random, key, call);
        }
        history.add(new Operation(id, key, call, outcome, invokeNanos, System.nanoTime()));
        switch (outcome) {
            case Outcome.Written written -> lastSeen.put(key, written.revision());
            case Outcome.Found found -> lastSeen.put(key, found.revision());
            case Outcome.Mismatch mismatch -> lastSeen.put(key, mismatch.currentRevision());
            default -> {}
        }
        return outcome;
    }

    private Outcome send(Random random, String key, Call call) throws InterruptedException {
        return client.send(storeUrls.get(random.nextInt(storeUrls.size())), key, call, ANSWER_MAX);
    }

    /** Lets every client finish its call, then throws what one of them met that no store may answer. */
    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Throwable met = fault.get();
        if (met != null) {
            throw new AssertionError("a client met " + met.getMessage(), met);
        }
    }
}
