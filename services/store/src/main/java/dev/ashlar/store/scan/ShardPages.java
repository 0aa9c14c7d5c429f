package dev.ashlar.store.scan;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;

import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.forward.Forwarded;
import dev.ashlar.store.forward.Forwarder;
import dev.ashlar.store.forward.Leaders;
import dev.ashlar.store.http.Headers;
import dev.ashlar.store.kv.ScanPage;
import dev.ashlar.store.kv.ScanRequest;
import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/** A page of any shard: from the local replica when this store leads it, else from the leader. Call on an event loop. */
@Singleton
public class ShardPages {
    private final Replicas replicas;
    private final ScanThreads threads;
    private final Leaders leaders;
    private final Forwarder forwarder;
    private final Membership membership;
    private final ObjectMapper json;

    @Inject
    ShardPages(
            Replicas replicas,
            ScanThreads threads,
            Leaders leaders,
            Forwarder forwarder,
            Membership membership,
            ObjectMapper json) {
        this.replicas = replicas;
        this.threads = threads;
        this.leaders = leaders;
        this.forwarder = forwarder;
        this.membership = membership;
        this.json = json;
    }

    /** Fails with {@link ApiException}. */
    CompletableFuture<ScanPage> page(int shard, ScanRequest request) {
        Replica replica = replicas.of(shard);
        return replica != null && replica.leads() ? threads.page(replica, request) : remote(shard, request);
    }

    /** The page of a shard that this store leads; no leader otherwise. */
    CompletableFuture<ScanPage> localPage(int shard, ScanRequest request) {
        Replica replica = replicas.of(shard);
        return replica != null && replica.leads()
                ? threads.page(replica, request)
                : CompletableFuture.failedFuture(noLeader(shard));
    }

    private CompletableFuture<ScanPage> remote(int shard, ScanRequest request) {
        String address = leaders.address(shard);
        if (address.isEmpty()) {
            return CompletableFuture.failedFuture(noLeader(shard));
        }
        CompletableFuture<ScanPage> page = new CompletableFuture<>();
        forwarder.send(
                shard,
                address,
                HttpMethod.GET,
                "/internal/v1/shards/" + shard + "/scan?" + ScanParameters.format(request),
                MultiMap.caseInsensitiveMultiMap().set(Headers.FORWARDED, membership.name()),
                null,
                result -> took(shard, result, page));
        return page;
    }

    private void took(int shard, Forwarded result, CompletableFuture<ScanPage> page) {
        if (!(result instanceof Forwarded.Answered answer) || answer.status() != 200) {
            page.completeExceptionally(noLeader(shard));
            return;
        }
        try {
            page.complete(
                    json.readValue(answer.body().getBytes(), ScanPageWire.class).toPage());
        } catch (IOException | RuntimeException garbled) {
            page.completeExceptionally(
                    new ApiException(ErrorCode.INTERNAL, "the leader of shard " + shard + " gave no valid page"));
        }
    }

    private static ApiException noLeader(int shard) {
        return new ApiException(ErrorCode.NO_LEADER, "shard " + shard + " has no leader that can be reached", 1_000);
    }
}
