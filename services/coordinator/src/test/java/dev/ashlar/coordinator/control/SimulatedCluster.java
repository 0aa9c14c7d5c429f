package dev.ashlar.coordinator.control;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.Order;
import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.coordinator.Fixtures;
import dev.ashlar.coordinator.membership.Fencing;
import dev.ashlar.coordinator.membership.Observations;
import dev.ashlar.coordinator.placement.OrderBook;
import dev.ashlar.coordinator.state.Applied;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * Stores, shards and a coordinator group as far as the control loops see them, in virtual time. Checks after every command
 * what must always hold, and throws {@link AssertionError} when it does not.
 */
final class SimulatedCluster {
    /** The transition under test; a planted bug wraps the real one. */
    interface Rules extends BiFunction<ClusterState, ClusterCommand, Applied> {}

    private static final class Store {
        final String name;
        final String zone;
        int disk = 1;
        boolean running;
        long incarnation;
        long registerAtMs;
        final Set<Integer> created = new HashSet<>();

        Store(String name, String zone) {
            this.name = name;
            this.zone = zone;
        }

        StoreId id() {
            return Fixtures.id(name, disk);
        }
    }

    private static final class Leadership {
        StoreId leader;
        int term;
    }

    private final Random random;
    private final Rules rules;
    private final Map<String, Store> stores = new TreeMap<>();
    private final Map<Integer, Leadership> groups = new TreeMap<>();
    private final Map<String, Long> incarnations = new HashMap<>();
    private final Map<String, StoreId> replicaNumbers = new HashMap<>();
    private final Set<Long> operatorIds = new HashSet<>();
    private int disks = 1;
    private int incarnationsHanded;
    private ClusterState state;
    private Observations observations;
    private List<ClusterCommand> inFlight = List.of();
    private long nowMs = 1_000_000;
    int commands;
    int transfers;

    SimulatedCluster(long seed, Rules rules) {
        this.random = new Random(seed);
        this.rules = rules;
        int count = 1 + random.nextInt(6);
        int zones = 1 + random.nextInt(3);
        int expect = 1 + random.nextInt(count);
        this.state = Fixtures.initialized(1 + random.nextInt(12), 1 + random.nextInt(3), expect);
        for (int i = 0; i < count; i++) {
            Store store = new Store("store-" + i, zones == 1 ? "" : "zone-" + i % zones);
            stores.put(store.name, store);
            start(store);
        }
        failOver();
    }

    /** Lets things happen for so long; {@code faults} also bad ones. */
    void run(int seconds, boolean faults) {
        for (int tick = 0; tick < seconds * 2; tick++) {
            nowMs += 500;
            if (faults) {
                fault();
            }
            elect();
            if (tick % 2 == 0) {
                stores.values().forEach(this::beat);
            }
            control();
        }
    }

    /** Brings every store and its last disk back. */
    void heal() {
        stores.values().stream().filter(store -> !store.running).forEach(this::start);
    }

    private void start(Store store) {
        store.running = true;
        store.incarnation = 0;
        store.registerAtMs = nowMs + random.nextInt(5_000);
    }

    private void fault() {
        List<Store> all = List.copyOf(stores.values());
        Store one = all.get(random.nextInt(all.size()));
        switch (random.nextInt(60)) {
            case 0, 1 -> one.running = false;
            case 2, 3, 4 -> {
                if (!one.running) {
                    start(one);
                }
            }
            case 5 -> {
                // A lost disk, rarely: without repair it leaves its shards a replica short for good.
                if (random.nextInt(4) == 0) {
                    one.disk = ++disks;
                    one.created.clear();
                    start(one);
                }
            }
            case 6 -> failOver();
            case 7 ->
                groups.values().stream()
                        .skip(random.nextInt(groups.size() + 1))
                        .findFirst()
                        .ifPresent(group -> {
                            group.leader = null;
                        });
            default -> {}
        }
    }

    /** Another coordinator leads: what was observed is gone, and what was proposed may or may not be applied. */
    private void failOver() {
        for (ClusterCommand command : inFlight) {
            if (random.nextBoolean()) {
                apply(command);
            }
        }
        inFlight = List.of();
        observations = new Observations(nowMs);
    }

    /** Each shard with a majority of running replicas gets a leader, a second or so after it lost one. */
    private void elect() {
        for (ShardRecord shard : state.shards().values()) {
            Leadership group = groups.computeIfAbsent(shard.shard(), key -> new Leadership());
            List<StoreId> alive = shard.replicas().stream()
                    .map(ReplicaRecord::store)
                    .filter(id -> hosts(id, shard.shard()))
                    .toList();
            if (!alive.contains(group.leader)) {
                group.leader = null;
            }
            if (group.leader == null && alive.size() * 2 > shard.replicas().size() && random.nextInt(3) == 0) {
                group.leader = alive.get(random.nextInt(alive.size()));
                group.term++;
            }
        }
    }

    private boolean hosts(StoreId id, int shard) {
        Store store = stores.get(id.name());
        return store.running && store.id().equals(id) && store.created.contains(shard);
    }

    private void beat(Store store) {
        if (!store.running || nowMs < store.registerAtMs) {
            return;
        }
        if (store.incarnation == 0) {
            Applied applied = apply(Fixtures.register(store.id(), store.zone));
            store.incarnation = ((Applied.Outcome.Done) applied.outcome()).number();
            return;
        }
        if (random.nextInt(50) == 0) {
            return; // lost on the way
        }
        if (Fencing.judge(state, store.id(), store.incarnation) != Fencing.Verdict.ACCEPTED) {
            throw new AssertionError(store.name + " is the newest of its name and was not accepted");
        }
        observations.heard(state, store.id(), request(store), nowMs);
        observations.running(state, nowMs);
        OrderBook.ordersFor(store.id(), state, observations.snapshot(), nowMs).forEach(order -> obey(store, order));
    }

    private HeartbeatRequest request(Store store) {
        List<ReplicaReport> reports = new ArrayList<>();
        for (ShardRecord shard : state.shards().values()) {
            Leadership group = groups.get(shard.shard());
            if (group == null || !store.created.contains(shard.shard())) {
                continue;
            }
            long leader = group.leader == null
                    ? 0
                    : shard.on(group.leader).orElseThrow().replica();
            shard.on(store.id())
                    .ifPresent(r -> reports.add(Fixtures.report(shard, r, leader, group.term, nowMs / 100)));
        }
        return new HeartbeatRequest(
                store.name, store.id().diskId(), store.incarnation, "up", reports, List.of(), List.of(), 0, 0);
    }

    private void obey(Store store, Order order) {
        if (random.nextInt(10) == 0) {
            return; // too slow: it will be told again
        }
        switch (order.type()) {
            case "create_replica" -> store.created.add(order.shard());
            case "transfer_leader" -> {
                Leadership group = groups.get(order.shard());
                StoreId target = StoreId.parse(order.target().store());
                if (store.id().equals(group.leader) && hosts(target, order.shard())) {
                    group.leader = target;
                    group.term++;
                    transfers++;
                }
            }
            default -> throw new AssertionError("unexpected order " + order);
        }
    }

    private void control() {
        inFlight.forEach(this::apply);
        observations.running(state, nowMs);
        inFlight = ControlLoops.decide(state, observations.snapshot(), nowMs, nowMs);
        commands += inFlight.size();
    }

    private Applied apply(ClusterCommand command) {
        ClusterState before = state;
        Applied applied = rules.apply(before, command);
        state = applied.state();
        if (command instanceof ClusterCommand.EndOperator end && applied.outcome() instanceof Applied.Outcome.Done) {
            observations.transferEnded(before.operators().get(end.id()).shard(), end.ok(), nowMs);
        }
        if (command instanceof ClusterCommand.RegisterStore register
                && applied.outcome() instanceof Applied.Outcome.Done done) {
            Long last = incarnations.put(register.store().name(), done.number());
            check(last == null || done.number() > last, "incarnations of a name grow: " + last + ", " + done.number());
            incarnationsHanded++;
        }
        checkAlways(before);
        return applied;
    }

    private void checkAlways(ClusterState before) {
        Set<Integer> busy = new HashSet<>();
        state.operators().values().forEach(operator -> check(busy.add(operator.shard()), "one operator per shard"));
        state.operators().keySet().stream()
                .filter(id -> !before.operators().containsKey(id))
                .forEach(id -> check(operatorIds.add(id), "operator ids are used once"));
        for (ShardRecord shard : state.shards().values()) {
            Set<StoreId> distinct = new HashSet<>();
            for (ReplicaRecord replica : shard.replicas()) {
                check(distinct.add(replica.store()), "replicas of a shard are on distinct stores");
                StoreId first = replicaNumbers.putIfAbsent(shard.shard() + "#" + replica.replica(), replica.store());
                check(first == null || first.equals(replica.store()), "replica numbers are used once");
                check(replica.replica() < shard.nextReplica(), "the next replica number is free");
            }
            check(distinct.size() == state.settings().replicasPerShard(), "each shard has its replicas");
            if (before.shards().isEmpty()) {
                checkZones(distinct);
            }
        }
        check(state.meta().nextEvent() >= before.meta().nextEvent(), "event ids grow");
    }

    private void checkZones(Set<StoreId> replicas) {
        long zones = state.presentStores().stream()
                .filter(store -> observations.snapshot().store(store.id()).isPresent())
                .map(StoreRecord::zone)
                .distinct()
                .count();
        long used = replicas.stream()
                .map(id -> state.store(id).orElseThrow().zone())
                .distinct()
                .count();
        check(used >= Math.min(zones, replicas.size()) || zones > used + 1, "replicas are spread over zones");
    }

    /** After a quiet time: every shard whose preferred replica is there is led by it, evenly, and nothing more happens. */
    void checkConverged() {
        int before = commands;
        run(30, false);
        check(commands == before, "a quiet cluster starts nothing: " + inFlight);
        Map<StoreId, Integer> preferred = new HashMap<>();
        for (ShardRecord shard : state.shards().values()) {
            StoreId wanted =
                    shard.replica(shard.preferredLeader()).orElseThrow().store();
            preferred.merge(wanted, 1, Integer::sum);
            if (hosts(wanted, shard.shard()) && groups.get(shard.shard()).leader != null) {
                check(
                        wanted.equals(groups.get(shard.shard()).leader),
                        "shard " + shard.shard() + " is led by " + groups.get(shard.shard()).leader + ", not "
                                + wanted);
            }
        }
        boolean everywhere = state.presentStores().size() == state.settings().replicasPerShard()
                && state.stores().size() == stores.size()
                && !state.shards().isEmpty();
        if (everywhere) {
            int most = preferred.values().stream()
                    .mapToInt(Integer::intValue)
                    .max()
                    .orElse(0);
            int least = stores.size() > preferred.size()
                    ? 0
                    : preferred.values().stream()
                            .mapToInt(Integer::intValue)
                            .min()
                            .orElse(0);
            check(most - least <= 1, "leaders are spread evenly: " + preferred);
        }
    }

    int registrations() {
        return incarnationsHanded;
    }

    boolean isPlaced() {
        return !state.shards().isEmpty();
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
