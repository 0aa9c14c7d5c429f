package dev.ashlar.coordinator.membership;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.ReplicaCheck;
import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * Gathers heartbeats while this coordinator leads.
 *
 * <ol>
 *   <li>A heartbeat replaces the one before. A gap, or a new incarnation, begins a new series.
 *   <li>The leader of a shard is the one that the newest term names, by whomever it is reported; reports without a leader
 *       change nothing (an election is under way; silence tells).
 *   <li>The members of a shard are those of the newest membership that any replica reports as committed.
 *   <li>After each failed transfer of a shard the next one waits twice as long; so does the next change of its members.
 *   <li>What stores tell of the integrity of replicas is compared: {@link Integrity}.
 * </ol>
 *
 * <p>Any thread. No clock: the time comes with each call.
 */
public final class Observations {
    private final long leadingSinceMs;
    private final Map<StoreId, StoreSeen> stores = new HashMap<>();
    private final Map<Integer, LeaderSeen> leaders = new HashMap<>();
    private final Map<Integer, MembersSeen> members = new HashMap<>();
    private final Map<Long, Long> operatorsSinceMs = new HashMap<>();
    private final Map<StoreId, Registration> registrations = new HashMap<>();
    private final Backoff transfers = new Backoff();
    private final Backoff changes = new Backoff();
    private final Map<Integer, Integrity> integrity = new HashMap<>();
    private Map<Integer, Map<Long, String>> damaged = Map.of();
    /** Whether it is known who had registered before this coordinator led. */
    private boolean looked;

    /** @param witnessed it registered with this coordinator, not with the leader before */
    private record Registration(long incarnation, long sinceMs, boolean witnessed) {}

    public Observations(long leadingSinceMs) {
        this.leadingSinceMs = leadingSinceMs;
    }

    /** Takes a heartbeat that {@link Fencing} accepted. */
    public synchronized void heard(ClusterState state, StoreId id, HeartbeatRequest beat, long nowMs) {
        StoreSeen before = stores.get(id);
        boolean goesOn = before != null
                && before.incarnation() == beat.incarnation()
                && nowMs - before.lastMs() <= Timing.GAP_MS;
        Map<Integer, ReplicaReport> replicas = beat.replicas().stream()
                .filter(report -> isMapped(state, id, report))
                .collect(Collectors.toMap(ReplicaReport::shard, Function.identity(), (first, second) -> second));
        stores.put(
                id,
                new StoreSeen(
                        beat.incarnation(),
                        nowMs,
                        goesOn ? before.sinceMs() : nowMs,
                        beat.state(),
                        replicas,
                        orphans(state, beat),
                        beat.alarms(),
                        beat.dataBytes(),
                        beat.diskFreeBytes(),
                        beat.readiness()));
        replicas.values().forEach(report -> {
            leader(state, report, nowMs);
            members(report);
        });
        beat.checks().forEach(check -> check(state, id, check));
    }

    private void check(ClusterState state, StoreId id, ReplicaCheck check) {
        ShardRecord shard = state.shards().get(check.shard());
        boolean mapped = shard != null
                && shard.replica(check.replica())
                        .filter(replica -> replica.store().equals(id))
                        .isPresent();
        if (mapped) {
            integrity.computeIfAbsent(check.shard(), first -> new Integrity()).heard(shard, check);
        }
    }

    /**
     * Notes which operators run and which incarnations there are, to know how long they have, and which replicas are damaged;
     * forgets what is gone from the state.
     */
    public synchronized void running(ClusterState state, long nowMs) {
        SortedMap<Long, OperatorRecord> operators = state.operators();
        Set<Long> running = new HashSet<>();
        for (OperatorRecord operator : operators.values()) {
            running.add(operator.id());
            running.add(operator.order());
        }
        running.forEach(id -> operatorsSinceMs.putIfAbsent(id, nowMs));
        operatorsSinceMs.keySet().retainAll(running);
        stores.keySet().removeIf(id -> state.store(id).isEmpty());
        registrations.keySet().removeIf(id -> state.store(id).isEmpty());
        state.presentStores().forEach(store -> registered(store, nowMs));
        looked = true;
        Map<Integer, Map<Long, String>> found = new HashMap<>();
        integrity.keySet().removeIf(shard -> !state.shards().containsKey(shard));
        integrity.forEach((shard, checks) -> {
            Map<Long, String> bad = checks.damaged(state.shards().get(shard));
            if (!bad.isEmpty()) {
                found.put(shard, bad);
            }
        });
        damaged = found;
    }

    /**
     * An incarnation that registered while this coordinator led and was never heard hands its wait on: a store that only
     * ever registers is down all the same. One that was there before may have been heard by the leader before.
     */
    private void registered(StoreRecord store, long nowMs) {
        Registration known = registrations.get(store.id());
        if (known != null && known.incarnation() == store.incarnation()) {
            return;
        }
        StoreSeen seen = stores.get(store.id());
        boolean unheard =
                known != null && known.witnessed() && (seen == null || seen.incarnation() < known.incarnation());
        registrations.put(store.id(), new Registration(store.incarnation(), unheard ? known.sinceMs() : nowMs, looked));
    }

    /** A transfer of a shard's leadership has ended. */
    public synchronized void transferEnded(int shard, boolean ok, long nowMs) {
        transfers.ended(shard, ok, nowMs);
    }

    /** An operator has ended. */
    public synchronized void ended(OperatorRecord operator, boolean ok, long nowMs) {
        (operator.changesMembers() ? changes : transfers).ended(operator.shard(), ok, nowMs);
    }

    public synchronized Observed snapshot() {
        Map<StoreId, Long> registeredSinceMs = new HashMap<>();
        registrations.forEach((id, registration) -> registeredSinceMs.put(id, registration.sinceMs()));
        return new Observed(
                leadingSinceMs,
                stores,
                leaders,
                members,
                operatorsSinceMs,
                transfers.notBeforeMs(),
                changes.notBeforeMs(),
                damaged,
                registeredSinceMs);
    }

    private static boolean isMapped(ClusterState state, StoreId id, ReplicaReport report) {
        ShardRecord shard = state.shards().get(report.shard());
        return shard != null
                && shard.replica(report.replica())
                        .filter(replica -> replica.store().equals(id))
                        .isPresent();
    }

    /** What a store has of shards that it is no member of any more. A number the map has never given is left alone. */
    private static List<ClusterCommand.ReplicaRef> orphans(ClusterState state, HeartbeatRequest beat) {
        return beat.replicas().stream()
                .filter(report -> {
                    ShardRecord shard = state.shards().get(report.shard());
                    return shard != null && shard.isFormer(report.replica());
                })
                .map(report -> new ClusterCommand.ReplicaRef(report.shard(), report.replica()))
                .toList();
    }

    private void members(ReplicaReport report) {
        MembersSeen before = members.get(report.shard());
        if (MembersSeen.isCommitted(report) && (before == null || before.index() < report.membersIndex())) {
            members.put(report.shard(), new MembersSeen(report.membersIndex(), report.members()));
        }
    }

    private void leader(ClusterState state, ReplicaReport report, long nowMs) {
        boolean leads = report.role().equals("leader");
        long named = leads ? report.replica() : report.leaderReplica();
        if (named == 0 || state.shards().get(report.shard()).replica(named).isEmpty()) {
            return;
        }
        LeaderSeen before = leaders.get(report.shard());
        if (before != null && before.term() > report.term()) {
            return;
        }
        boolean same = before != null && before.term() == report.term() && before.replica() == named;
        long commitIndex = leads ? report.commitIndex() : same ? before.commitIndex() : 0;
        long revision = leads ? report.revision() : same ? before.revision() : 0;
        leaders.put(
                report.shard(),
                new LeaderSeen(named, report.term(), same ? before.sinceMs() : nowMs, nowMs, commitIndex, revision));
    }
}
