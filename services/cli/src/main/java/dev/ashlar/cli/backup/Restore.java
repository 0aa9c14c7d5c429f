package dev.ashlar.cli.backup;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import dev.ashlar.cli.CliException;
import dev.ashlar.cli.ExitCode;
import dev.ashlar.client.http.Answer;
import dev.ashlar.client.http.ApiClient;
import dev.ashlar.client.http.Call;
import dev.ashlar.client.http.Paths;
import dev.ashlar.client.http.Problem;
import dev.ashlar.common.Limits;
import dev.ashlar.common.backup.BackupItem;

/**
 * Puts items into a cluster.
 *
 * <ol>
 *   <li>Each is created, never replaced ({@code If-None-Match: *}), with its content type and what is left of its time to live.
 *       The cluster decides on the shard, so it may have another number of them.
 *   <li>Each request carries an idempotency key, so one that broke off is sent again and applies once.
 *   <li>A key that is there already is equal (an earlier run put it there, when going on is permitted), or ends the restore: it
 *       overwrites nothing.
 *   <li>The first failure ends it; what was put stays, and a run that goes on finishes the rest.
 * </ol>
 */
public final class Restore implements AutoCloseable {
    private static final int IN_FLIGHT_MAX = 16;

    private final BlockingQueue<ApiClient> clients = new ArrayBlockingQueue<>(IN_FLIGHT_MAX);
    private final ExecutorService threads =
            Executors.newFixedThreadPool(IN_FLIGHT_MAX, Thread.ofVirtual().factory());
    private final Semaphore room = new Semaphore(IN_FLIGHT_MAX);
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private final AtomicLong created = new AtomicLong();
    private final AtomicLong equal = new AtomicLong();
    private final String run;
    private final boolean goOn;
    private final Progress progress;
    private long number;

    /**
     * @param run names this run, for its idempotency keys; at most 100 characters
     * @param goOn whether keys that are there already may be what an earlier run put
     */
    public Restore(Supplier<ApiClient> client, String run, boolean goOn, Progress progress) {
        for (int i = 0; i < IN_FLIGHT_MAX; i++) {
            clients.add(client.get());
        }
        this.run = run;
        this.goOn = goOn;
        this.progress = progress;
    }

    /** Puts an item, as soon as one of a few places is free. Throws what an earlier one failed with. */
    public void put(BackupItem item, String where) throws InterruptedException {
        room.acquire();
        throwFailure();
        String idempotencyKey = run + "-" + number++;
        threads.execute(() -> {
            try {
                ApiClient client = clients.take();
                try {
                    put(client, item, idempotencyKey);
                } finally {
                    clients.add(client);
                }
                progress.add(1, item.payloadBytes(), where);
            } catch (CliException refused) {
                failure.compareAndSet(null, refused);
            } catch (RuntimeException bug) {
                failure.compareAndSet(null, bug);
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
            } finally {
                room.release();
            }
        });
    }

    /** Waits for what is under way; throws what failed. */
    public void finish() throws InterruptedException {
        room.acquire(IN_FLIGHT_MAX);
        room.release(IN_FLIGHT_MAX);
        throwFailure();
    }

    /** Keys that were created. */
    public long created() {
        return created.get();
    }

    /** Keys that were there already, equal. */
    public long equal() {
        return equal.get();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void throwFailure() {
        RuntimeException failed = failure.get();
        if (failed != null) {
            room.release();
            throw failed;
        }
    }

    private void put(ApiClient client, BackupItem item, String idempotencyKey) throws InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", item.contentType());
        headers.put("If-None-Match", "*");
        headers.put("Idempotency-Key", idempotencyKey);
        String query =
                item.ttlMs() == 0 ? "" : Paths.query(Map.of("ttl", Math.max(item.ttlMs(), Limits.TTL_MS_MIN) + "ms"));
        String path = Paths.key(item.key());
        Answer answer = client.send(new Call("PUT", path + query, headers, Optional.of(item.value())));
        if (answer.status() == 412 && isEqual(client, path, item)) {
            equal.incrementAndGet();
        } else if (answer.ok()) {
            created.incrementAndGet();
        } else {
            throw Problem.of(answer);
        }
    }

    private boolean isEqual(ApiClient client, String path, BackupItem item) throws InterruptedException {
        if (goOn) {
            Answer there = client.send(Call.get(path));
            if (there.ok()
                    && Arrays.equals(there.body(), item.value())
                    && there.header("Content-Type").equals(item.contentType())) {
                return true;
            }
        }
        throw new CliException(
                ExitCode.REFUSED,
                "the key " + item.key() + " is there already" + (goOn ? " with another value" : "")
                        + ". Nothing is overwritten; restore into an empty cluster that nobody else writes to."
                        + (goOn ? "" : " To go on after an interrupted restore, use --resume."));
    }
}
