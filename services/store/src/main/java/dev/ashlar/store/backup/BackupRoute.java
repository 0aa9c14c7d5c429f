package dev.ashlar.store.backup;

import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import dev.ashlar.common.Limits;
import dev.ashlar.common.backup.BackupHeader;
import dev.ashlar.common.backup.BackupWriter;
import dev.ashlar.common.backup.ShardSummary;
import dev.ashlar.common.error.ApiException;
import dev.ashlar.common.error.ErrorCode;
import dev.ashlar.store.http.Headers;
import dev.ashlar.store.http.Problems;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.membership.Membership;

/**
 * {@code GET /v1/backup}, and {@code GET /internal/v1/shards/{id}/backup} for other stores.
 *
 * <ol>
 *   <li>Shard after shard, each as it is when its turn comes; nothing is promised between shards.
 *   <li>What fails before the first byte is a problem like every other. Later the connection is broken off, and what the client has
 *       lacks its end: no reader takes it for a backup.
 * </ol>
 */
@Singleton
public class BackupRoute {
    private static final Logger LOG = Logger.getLogger(BackupRoute.class);
    private static final String MEDIA_TYPE = "application/vnd.ashlar.backup";
    private static final int SECTIONS_MAX = 8;

    private final Vertx vertx;
    private final ClusterMap map;
    private final Membership membership;
    private final ShardSections sections;
    private final String version;
    private final Semaphore backups = new Semaphore(Limits.BACKUPS_MAX);
    private final Semaphore asked = new Semaphore(SECTIONS_MAX);
    private final ExecutorService threads = new ThreadPoolExecutor(
            0,
            Limits.BACKUPS_MAX + SECTIONS_MAX,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            Thread.ofPlatform().daemon().name("backup-", 0).factory());

    @Inject
    BackupRoute(
            Vertx vertx,
            ClusterMap map,
            Membership membership,
            ShardSections sections,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "0") String version) {
        this.vertx = vertx;
        this.map = map;
        this.membership = membership;
        this.sections = sections;
        this.version = version;
    }

    void register(@Observes Router router) {
        router.route("/v1/backup").handler(routing -> checked(routing, backups, this::backup));
        router.route("/internal/v1/shards/:shard/backup").handler(routing -> {
            String shard = routing.pathParam("shard");
            checked(routing, asked, out -> section(shard, out));
        });
    }

    @PreDestroy
    void stop() {
        threads.shutdownNow();
    }

    /** Writes a body. Blocks. */
    @FunctionalInterface
    private interface Body {
        void write(ResponseStream out) throws IOException;
    }

    private void checked(RoutingContext routing, Semaphore places, Body body) {
        HttpServerRequest request = routing.request();
        if (!request.method().equals(HttpMethod.GET)) {
            request.response().putHeader(HttpHeaders.ALLOW, "GET");
            Problems.send(
                    request,
                    new ApiException(ErrorCode.METHOD_NOT_ALLOWED, request.method() + " is not a method of a backup"));
        } else if (map.shards() == 0) {
            Problems.send(
                    request, new ApiException(ErrorCode.NO_LEADER, "this store has not been registered yet", 1_000));
        } else if (!places.tryAcquire()) {
            Problems.send(
                    request,
                    new ApiException(
                            ErrorCode.TOO_MANY_REQUESTS, "this store sends as many backups as it may", 10_000));
        } else {
            run(request, places, body);
        }
    }

    private void run(HttpServerRequest request, Semaphore places, Body body) {
        Context context = vertx.getOrCreateContext();
        request.response().setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE);
        request.response().headers().set(Headers.SERVED_BY, membership.name());
        ResponseStream out = new ResponseStream(request.response(), context);
        try {
            threads.execute(() -> {
                try {
                    body.write(out);
                    out.finish();
                } catch (ApiException refused) {
                    context.runOnContext(now -> fail(request, out, refused));
                } catch (IOException | RuntimeException failed) {
                    LOG.warnf("%s ended early: %s", request.path(), failed.getMessage());
                    context.runOnContext(now -> fail(
                            request,
                            out,
                            new ApiException(ErrorCode.INTERNAL, "the backup failed: " + failed.getMessage())));
                } finally {
                    places.release();
                }
            });
        } catch (java.util.concurrent.RejectedExecutionException stopping) {
            places.release();
            fail(request, out, new ApiException(ErrorCode.DRAINING, "the store is stopping", 1_000));
        }
    }

    private static void fail(HttpServerRequest request, ResponseStream out, ApiException problem) {
        if (out.begun()) {
            request.connection().close();
        } else {
            request.response().setChunked(false);
            Problems.send(request, problem);
        }
    }

    private void backup(ResponseStream out) throws IOException {
        BackupHeader header =
                new BackupHeader(map.state().clusterId(), System.currentTimeMillis(), version, map.shards());
        BackupWriter backup = new BackupWriter(out, header);
        long startNanos = System.nanoTime();
        for (int shard = 0; shard < header.shards(); shard++) {
            sections.write(shard, backup);
        }
        long items = backup.finish().stream().mapToLong(ShardSummary::items).sum();
        LOG.infof(
                "a backup of %d shards and %d keys was sent in %d ms",
                header.shards(), items, (System.nanoTime() - startNanos) / 1_000_000);
    }

    private void section(String text, ResponseStream out) throws IOException {
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) >= map.shards()) {
            throw new ApiException(ErrorCode.INVALID_ARGUMENT, "there is no shard '" + text + "'");
        }
        var unused = sections.writeLed(Integer.parseInt(text), out);
    }
}
