package dev.ashlar.store.readiness;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import dev.ashlar.common.cluster.Notice;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.store.boot.StoreConfig;
import dev.ashlar.store.membership.Advice;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.replica.Replica;
import dev.ashlar.store.replica.Replicas;

/**
 * Whether this process has become ready.
 *
 * <ol>
 *   <li>Once per process start: the map is known, every replica it places here runs, has a leader and has caught up, and the
 *       latch ({@link LatchRule}) is open. Until then the reasons are told, shard by shard.
 *   <li>From then on it stays ready: a shard that loses its leader later is every store's trouble alike, and a store that
 *       stopped answering for its other shards would only make it worse.
 *   <li>An early opening is told to the coordinators, for the journal.
 * </ol>
 *
 * <p>Any thread.
 */
@Singleton
public class ReadyLatch {
    private static final Logger LOG = Logger.getLogger(ReadyLatch.class);

    private final StoreConfig config;
    private final Membership membership;
    private final ClusterMap map;
    private final Replicas replicas;
    private final long startedMs = nowMs();
    private final Progress progress = new Progress();
    private long caughtUpMs;
    private boolean caughtUp;
    private volatile boolean ready;

    @Inject
    ReadyLatch(StoreConfig config, Membership membership, ClusterMap map, Replicas replicas) {
        this.config = config;
        this.membership = membership;
        this.map = map;
        this.replicas = replicas;
    }

    /** Why this process has not become ready yet; empty from the moment it has. */
    public List<String> waitingFor() {
        return ready ? List.of() : look();
    }

    /** The word for a heartbeat: ready or starting. */
    public String word() {
        return waitingFor().isEmpty() ? "ready" : "starting";
    }

    private synchronized List<String> look() {
        if (ready) {
            return List.of();
        }
        List<String> behind = notCaughtUp();
        long nowMs = nowMs();
        if (behind.isEmpty() && !caughtUp) {
            caughtUp = true;
            caughtUpMs = nowMs;
        }
        Optional<Advice> advice = membership.advice();
        LatchRule.Situation situation = new LatchRule.Situation(
                behind,
                behind.isEmpty() || !placed() ? 0 : progress.standstillMs(standings(), nowMs),
                advice.isPresent(),
                advice.flatMap(Advice::latch),
                nowMs - advice.map(Advice::heardMs).orElse(startedMs),
                caughtUp ? nowMs - caughtUpMs : 0,
                config.readyLatchTimeoutMs());
        return switch (LatchRule.decide(situation)) {
            case LatchRule.Decision.Closed closed -> closed.reasons();
            case LatchRule.Decision.Open open -> {
                ready = true;
                opened(open.early());
                yield List.of();
            }
        };
    }

    private boolean placed() {
        return replicas.open() && !map.state().map().isEmpty();
    }

    private List<Progress.Standing> standings() {
        return hosted().stream()
                .map(shard -> Optional.ofNullable(replicas.of(shard))
                        .map(replica -> new Progress.Standing(
                                shard,
                                !replica.leaderNode().isEmpty(),
                                replica.lagEntries(),
                                replica.group().status().appliedIndex()))
                        .orElseGet(() -> new Progress.Standing(shard, false, 0, -1)))
                .toList();
    }

    /** The shards that the map places here. */
    private List<Integer> hosted() {
        return map.state().map().stream()
                .filter(shard ->
                        shard.replicas().stream().map(ReplicaInfo::store).anyMatch(replicas.nodeId()::equals))
                .map(ShardInfo::shard)
                .toList();
    }

    private void opened(String early) {
        if (early.isEmpty()) {
            LOG.info("ready: every shard that is hosted here is at full strength");
        } else {
            LOG.warnf("ready before every shard that is hosted here is at full strength: %s", early);
            membership.tell(new Notice("ready_latch_opened", early));
        }
    }

    private List<String> notCaughtUp() {
        if (!replicas.open()) {
            return List.of("the replicas are being opened");
        }
        if (map.state().map().isEmpty()) {
            return List.of("the shards have not been placed yet");
        }
        List<String> reasons = new ArrayList<>();
        hosted().forEach(shard -> replica(shard, reasons));
        return reasons;
    }

    private void replica(int shard, List<String> reasons) {
        Replica replica = replicas.of(shard);
        if (replica == null) {
            reasons.add("shard " + shard + ": the replica does not run yet");
        } else if (replica.leaderNode().isEmpty()) {
            reasons.add("shard " + shard + ": no leader");
        } else if (replica.lagEntries() > Progress.LAG_ENTRIES_MAX) {
            reasons.add("shard " + shard + ": " + replica.lagEntries() + " entries behind");
        }
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
