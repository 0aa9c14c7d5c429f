package dev.ashlar.store.boot;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import dev.ashlar.raft.Member;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * Moves every leadership off this store (S6).
 *
 * <ol>
 *   <li>Ask each shard that this store leads to hand over to the voter that has most of its log; one hand-over per shard at
 *       a time, all shards at once.
 *   <li>Look again until nothing is led here or the time is over: leadership may have come back meanwhile.
 *   <li>A voter that did not take over, since it does not answer or lags, is asked again after another one was.
 *   <li>A shard without another voter that follows stays: its data is unavailable while this store is away.
 * </ol>
 */
@Singleton
public class Drain {
    private static final Logger LOG = Logger.getLogger(Drain.class);
    private static final long LOOK_AGAIN_MS = 20;

    private final Replicas replicas;

    @Inject
    Drain(Replicas replicas) {
        this.replicas = replicas;
    }

    /** Blocks until it is done, at most {@code timeoutMs}. Whether nothing is led here any more. */
    public boolean run(long timeoutMs) {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        Map<Integer, Move> moving = new HashMap<>();
        while (true) {
            List<Replica> led = replicas.all().stream()
                    .filter(Replica::leads)
                    .filter(replica -> replica.group().status().voters().size() > 1)
                    .toList();
            if (led.isEmpty()) {
                return true;
            }
            if (System.nanoTime() - endNanos >= 0) {
                LOG.warnf("still leading %d shards after %d ms; they elect a new leader", led.size(), timeoutMs);
                return false;
            }
            for (Replica replica : led) {
                Move move = moving.get(replica.shard());
                Set<Member> refused = move == null ? Set.of() : move.refused();
                Optional<Member> successor = replica.bestSuccessor(refused);
                if ((move == null || move.done().isDone()) && successor.isPresent()) {
                    moving.put(
                            replica.shard(),
                            new Move(successor.get(), replica.group().transferLeadership(successor.get())));
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MS));
        }
    }

    /** A hand-over that was asked for. */
    private record Move(Member to, CompletableFuture<Void> done) {
        Set<Member> refused() {
            return done.isCompletedExceptionally() ? Set.of(to) : Set.of();
        }
    }
}
