package dev.ashlar.store.integrity;

import java.io.IOException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
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

import dev.ashlar.common.cluster.ReplicaCheck;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.state.StateChecksum;
import dev.ashlar.store.boot.StoreConfig;
import dev.ashlar.store.kv.KvView;
import dev.ashlar.store.kv.VerifyCommand;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * Looks after the integrity of the local replicas (S3), on two threads of its own.
 *
 * <ol>
 *   <li>The leader of a shard puts a {@link VerifyCommand} into the log once per period. Every replica that applies it keeps a
 *       view of its state at that place.
 *   <li>One view at a time is read, at a bounded rate; the checksum is told with the heartbeat. A replica that cannot keep up
 *       leaves verifications out.
 *   <li>A replica whose bytes on the disk are damaged gives its leadership away, once a second until it has none; it goes on
 *       voting until it has been replaced. Without another voter it goes on leading: most of its keys can still be read.
 * </ol>
 */
@Singleton
public class IntegrityLoop {
    private static final Logger LOG = Logger.getLogger(IntegrityLoop.class);
    private static final long LOOK_MS = 1_000;

    private final Replicas replicas;
    private final StoreConfig config;
    private final Map<Integer, Long> nextVerifyNanos = new HashMap<>();
    private final Map<Integer, Long> told = new HashMap<>();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("integrity").factory());
    private final ScheduledExecutorService reading = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("verify").factory());

    @Inject
    IntegrityLoop(Replicas replicas, StoreConfig config) {
        this.replicas = replicas;
        this.config = config;
    }

    void start(@Observes StartupEvent started) {
        var unused = looking.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
        var views = reading.scheduleWithFixedDelay(this::readViews, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() {
        looking.shutdownNow();
        reading.shutdownNow();
    }

    private void look() {
        for (Replica replica : replicas.all()) {
            try {
                askForVerification(replica);
                giveLeadershipAway(replica);
            } catch (RuntimeException bug) {
                LOG.errorf(bug, "shard %d cannot be looked after", replica.shard());
            }
        }
    }

    private void askForVerification(Replica replica) {
        if (config.verifyEveryMs() == 0 || !replica.group().leaseValid()) {
            nextVerifyNanos.remove(replica.shard());
            return;
        }
        long now = System.nanoTime();
        long periodNanos = config.verifyEveryMs() * 1_000_000;
        long due = nextVerifyNanos.computeIfAbsent(replica.shard(), first -> now + periodNanos);
        if (due - now <= 0) {
            nextVerifyNanos.put(replica.shard(), now + periodNanos);
            replica.group().submit(new VerifyCommand());
        }
    }

    private void giveLeadershipAway(Replica replica) {
        String damage = replica.damage();
        if (damage.isEmpty()) {
            return;
        }
        long number = replica.local().replicaId();
        if (!Long.valueOf(number).equals(told.put(replica.shard(), number))) {
            LOG.errorf(
                    "shard %d: the replica here is damaged and must be built anew: %s",
                    (Integer) replica.shard(), damage);
        }
        Optional<Member> successor = replica.leads() ? replica.bestSuccessor() : Optional.empty();
        successor.ifPresent(member -> {
            LOG.warnf("shard %d: leadership goes to %s", replica.shard(), member);
            var unused = replica.group().transferLeadership(member);
        });
    }

    private void readViews() {
        for (Replica replica : replicas.all()) {
            Optional<KvView> due = replica.kv().takeVerification();
            if (due.isPresent()) {
                verify(replica, due.get());
            }
        }
    }

    private void verify(Replica replica, KvView view) {
        try (view) {
            StateChecksum sum = view.checksum(new Pace(config.verifyBytesPerSecond()));
            replicas.verified(new ReplicaCheck(
                    replica.shard(),
                    replica.local().replicaId(),
                    view.index(),
                    view.revision(),
                    HexFormat.of().toHexDigits(sum.checksum()),
                    ""));
            LOG.debugf(
                    "shard %d at index %d, revision %d: %d rows verified",
                    replica.shard(), view.index(), view.revision(), sum.entries());
        } catch (IOException unreadable) {
            // Damage is remembered by the state itself; a replica that was closed meanwhile needs no checksum.
            LOG.warnf("shard %d could not be verified: %s", (Integer) replica.shard(), unreadable.getMessage());
        } catch (RuntimeException bug) {
            LOG.errorf(bug, "shard %d could not be verified", replica.shard());
        }
    }
}
