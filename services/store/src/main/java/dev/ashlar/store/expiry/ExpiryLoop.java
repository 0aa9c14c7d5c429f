package dev.ashlar.store.expiry;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.quarkus.runtime.StartupEvent;
import org.jboss.logging.Logger;

import dev.ashlar.store.kv.KvCallback;
import dev.ashlar.store.kv.KvCommand;
import dev.ashlar.store.kv.KvSubmission;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * Looks twice a second at each shard that is led here with a lease, and proposes what is due, a bounded number at a time.
 * The time is that of the shard ({@link dev.ashlar.store.replica.LeaderClock}): a new leader never expires early.
 * A proposal that comes twice, or late, does nothing: the command names the revision it is meant for. What is proposed,
 * and why also before its time, says {@link Proposals}.
 */
@Singleton
public class ExpiryLoop {
    private static final Logger LOG = Logger.getLogger(ExpiryLoop.class);
    private static final long INTERVAL_MS = 500;
    private static final int PROPOSALS_PER_ROUND = 256;

    private final Replicas replicas;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("expiry").factory());

    @Inject
    ExpiryLoop(Replicas replicas) {
        this.replicas = replicas;
    }

    void start(@Observes StartupEvent started) {
        var unused = timer.scheduleWithFixedDelay(this::round, INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() {
        timer.shutdownNow();
    }

    private void round() {
        for (Replica replica : replicas.all()) {
            if (replica.group().leaseValid()) {
                try {
                    propose(replica, replica.nowMs());
                } catch (IOException | RuntimeException unreadable) {
                    LOG.warnf("shard %d: expiry cannot be read: %s", replica.shard(), unreadable.getMessage());
                }
            }
        }
    }

    private static void propose(Replica replica, long nowMs) throws IOException {
        for (KvCommand due : Proposals.of(replica.kv(), nowMs, PROPOSALS_PER_ROUND)) {
            replica.group().submit(KvSubmission.of(due, nowMs, Optional.empty(), KvCallback.NOBODY));
        }
    }
}
