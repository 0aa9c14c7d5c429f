package dev.ashlar.store.backup;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;

import dev.ashlar.access.Access;
import dev.ashlar.common.backup.BackupWriter;
import dev.ashlar.common.backup.ShardSummary;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.forward.Leaders;
import dev.ashlar.store.http.Headers;
import dev.ashlar.store.kv.KvView;
import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * The sections of a backup.
 *
 * <ol>
 *   <li>A shard that is led here: confirm the leadership (read barrier), so that every acknowledged write is in it, and read a view.
 *   <li>One that is led elsewhere: ask its leader for the section, and check it on the way.
 *   <li>Without a leader, or when the leader cannot be reached: try again for a while, as long as nothing of the section has been
 *       written. After that a fault ends the backup.
 * </ol>
 *
 * <p>Blocks; platform threads only.
 */
@Singleton
public class ShardSections {
    private static final long LEADER_WAIT_MS = 15_000;
    private static final long RETRY_MS = 200;
    private static final long ANSWER_TIMEOUT_MS = 5_000;
    private static final int CONNECT_TIMEOUT_MS = 2_000;

    private final Vertx vertx;
    private final Replicas replicas;
    private final Leaders leaders;
    private final Membership membership;
    private final Access access;
    private final HttpClient http;

    @Inject
    ShardSections(Vertx vertx, Replicas replicas, Leaders leaders, Membership membership, Access access) {
        this.vertx = vertx;
        this.replicas = replicas;
        this.leaders = leaders;
        this.membership = membership;
        this.access = access;
        this.http = access.client(
                vertx,
                new HttpClientOptions().setConnectTimeout(CONNECT_TIMEOUT_MS).setKeepAlive(false));
    }

    /** Writes the section of a shard into a backup. */
    void write(int shard, BackupWriter backup) throws IOException {
        long deadlineNanos = System.nanoTime() + LEADER_WAIT_MS * 1_000_000;
        while (true) {
            try {
                Replica replica = replicas.of(shard);
                if (replica != null && replica.leads()) {
                    try (KvView view = led(replica)) {
                        backup.shard(out -> ShardExport.write(view, shard, out));
                    }
                } else {
                    try (RemoteSection section = remote(shard)) {
                        backup.shard(shard, new BufferedInputStream(section));
                    }
                }
                return;
            } catch (ApiException notYet) {
                if (notYet.code() != ErrorCode.NO_LEADER || System.nanoTime() - deadlineNanos > 0) {
                    throw notYet;
                }
                pause();
            }
        }
    }

    /** Writes the section of a shard that this store leads; fails with {@code no_leader} otherwise. */
    ShardSummary writeLed(int shard, OutputStream out) throws IOException {
        Replica replica = replicas.of(shard);
        if (replica == null || !replica.leads()) {
            throw noLeader(shard, "this store does not lead it");
        }
        try (KvView view = led(replica)) {
            return ShardExport.write(view, shard, out);
        }
    }

    private static KvView led(Replica replica) throws IOException {
        CompletableFuture<Boolean> confirmed = new CompletableFuture<>();
        replica.group().readBarrier(() -> confirmed.complete(true), failure -> confirmed.complete(false));
        if (!await(confirmed, replica.shard())) {
            throw noLeader(replica.shard(), "leadership could not be confirmed");
        }
        return replica.kv().view();
    }

    private RemoteSection remote(int shard) throws IOException {
        String address = leaders.address(shard);
        if (address.isEmpty()) {
            throw noLeader(shard, "it may be electing one");
        }
        int colon = address.lastIndexOf(':');
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(address.substring(0, colon))
                .setPort(Integer.parseInt(address, colon + 1, address.length(), 10))
                .setURI("/internal/v1/shards/" + shard + "/backup")
                .putHeader(Headers.FORWARDED, membership.name());
        CompletableFuture<RemoteSection> opened = new CompletableFuture<>();
        Context context = vertx.getOrCreateContext();
        context.runOnContext(now -> access.request(http, options)
                .compose(request -> request.send())
                .map(response -> new RemoteSection(response, context))
                .onComplete(answer -> {
                    if (answer.failed()) {
                        opened.completeExceptionally(answer.cause());
                    } else if (!opened.complete(answer.result())) {
                        answer.result().close();
                    }
                }));
        RemoteSection section = await(opened, shard);
        if (section.status() != 200) {
            section.close();
            throw noLeader(shard, address + " answers " + section.status());
        }
        return section;
    }

    private static <T> T await(CompletableFuture<T> future, int shard) throws IOException {
        try {
            return future.get(ANSWER_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw noLeader(
                    shard, "the leader cannot be reached: " + failed.getCause().getMessage());
        } catch (TimeoutException late) {
            future.cancel(false);
            throw noLeader(shard, "the leader does not answer");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the store is stopping");
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(RETRY_MS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the store is stopping");
        }
    }

    private static ApiException noLeader(int shard, String why) {
        return new ApiException(
                ErrorCode.NO_LEADER, "shard " + shard + " has no leader that can be reached: " + why, 1_000);
    }
}
