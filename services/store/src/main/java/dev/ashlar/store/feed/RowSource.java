package dev.ashlar.store.feed;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;

import dev.ashlar.store.forward.Forwarded;
import dev.ashlar.store.forward.Forwarder;
import dev.ashlar.store.forward.Leaders;
import dev.ashlar.store.kv.HistoryRows;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * Where the history of a shard is read: the local replica when there is one that hears from a leader, else another store.
 * The rows are the same everywhere, so a reader may change between them at any time.
 */
@Singleton
public class RowSource {
    /** A local replica that may be older than this is not used when another store can be asked. */
    private static final long STALENESS_MS_MAX = 5_000;

    private final Replicas replicas;
    private final Leaders leaders;
    private final Forwarder forwarder;
    private final Vertx vertx;
    private Context context;

    @Inject
    RowSource(Replicas replicas, Leaders leaders, Forwarder forwarder, Vertx vertx) {
        this.replicas = replicas;
        this.leaders = leaders;
        this.forwarder = forwarder;
        this.vertx = vertx;
    }

    /** The local replica when it can be used. */
    Optional<Replica> local(int shard) {
        return Optional.ofNullable(replicas.of(shard)).filter(this::fresh);
    }

    private boolean fresh(Replica replica) {
        return replica.group().stalenessMs() <= STALENESS_MS_MAX;
    }

    /** Rows after a revision. From the local replica at once; fails when nobody can be asked. On the feed's thread. */
    CompletableFuture<HistoryRows> read(int shard, long after, int bytesMax) {
        Optional<Replica> local = local(shard);
        if (local.isPresent()) {
            try {
                return CompletableFuture.completedFuture(local.get().kv().history(after, bytesMax));
            } catch (IOException unreadable) {
                return CompletableFuture.failedFuture(unreadable);
            }
        }
        String address = leaders.address(shard);
        if (address.isEmpty()) {
            return CompletableFuture.failedFuture(new IOException("shard " + shard + " has no leader"));
        }
        if (context == null) {
            context = vertx.getOrCreateContext();
        }
        CompletableFuture<HistoryRows> rows = new CompletableFuture<>();
        context.runOnContext(now -> forwarder.send(
                shard,
                address,
                HttpMethod.GET,
                path(shard) + "?after=" + after + "&bytes=" + bytesMax,
                MultiMap.caseInsensitiveMultiMap(),
                null,
                result -> took(result, rows)));
        return rows;
    }

    /** The endpoint that stores give to other stores. */
    public static String path(int shard) {
        return "/internal/v1/shards/" + shard + "/history";
    }

    private static void took(Forwarded result, CompletableFuture<HistoryRows> rows) {
        Optional<HistoryRows> read = result instanceof Forwarded.Answered answer && answer.status() == 200
                ? HistoryRows.decode(answer.body().getBytes())
                : Optional.empty();
        if (read.isPresent()) {
            rows.complete(read.get());
        } else {
            rows.completeExceptionally(
                    new IOException("no rows: " + result.getClass().getSimpleName()));
        }
    }
}
