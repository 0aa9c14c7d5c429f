package dev.ashlar.store.scan;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import jakarta.inject.Singleton;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.kv.ScanPage;
import dev.ashlar.store.kv.ScanRequest;
import dev.ashlar.store.replica.Replica;

/** Reads pages of local replicas, on a few platform threads with a bounded queue (native calls would pin virtual ones). */
@Singleton
public class ScanThreads {
    private static final int THREADS = 4;
    private static final int QUEUE_MAX = 1_024;

    private final Executor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.MILLISECONDS,
            new ArrayBlockingQueue<>(QUEUE_MAX),
            Thread.ofPlatform().daemon().name("scan-", 0).factory());

    /** A linearizable page of a shard that this store leads; fails with {@link ApiException}. From any thread. */
    public CompletableFuture<ScanPage> page(Replica replica, ScanRequest request) {
        CompletableFuture<ScanPage> page = new CompletableFuture<>();
        if (replica.group().leaseValid()) {
            read(replica, request, page);
        } else {
            replica.group()
                    .readBarrier(
                            () -> read(replica, request, page),
                            failure -> page.completeExceptionally(new ApiException(
                                    ErrorCode.NO_LEADER, "shard " + replica.shard() + " has no leader here", 1_000)));
        }
        return page;
    }

    private void read(Replica replica, ScanRequest request, CompletableFuture<ScanPage> page) {
        try {
            threads.execute(() -> {
                try {
                    page.complete(replica.kv().scan(request));
                } catch (java.io.IOException unreadable) {
                    page.completeExceptionally(new ApiException(
                            ErrorCode.NO_LEADER,
                            "the replica of shard " + replica.shard() + " that leads cannot be read; another one will"
                                    + " lead soon: " + unreadable.getMessage(),
                            1_000));
                } catch (RuntimeException bug) {
                    page.completeExceptionally(new ApiException(
                            ErrorCode.INTERNAL, "shard " + replica.shard() + " cannot be read: " + bug.getMessage()));
                }
            });
        } catch (RejectedExecutionException full) {
            page.completeExceptionally(
                    new ApiException(ErrorCode.TOO_MANY_REQUESTS, "too many scans run at the moment", 1_000));
        }
    }
}
