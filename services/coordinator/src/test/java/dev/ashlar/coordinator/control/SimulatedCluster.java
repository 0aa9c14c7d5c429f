package dev.ashlar.coordinator.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.Order;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ReplicaReport;
import dev.ashlar.coordinator.Fixtures;
import dev.ashlar.coordinator.membership.Fencing;
import dev.ashlar.coordinator.membership.Observations;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.state.Applied;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.OperatorRecord;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;

/**
 * Stores, shards and a coordinator group as far as the control loops see them, in virtual time. Checks after every command
 * and every change of members what must always hold ({@link SafetyChecks}), and throws {@link AssertionError} when it does not.
 */
final class SimulatedCluster {
    /** The transition under test; a planted bug wraps the real one. */
    interface Rules extends BiFunction<ClusterState, ClusterCommand, Applied> {}

    /** The orders under test; a planted bug wraps the real ones. */
    interface Orders {
        List<Order> ordersFor(StoreId store, ClusterState state, Observed observed, long nowMs);
    }

    static final long REPAIR_AFTER_MS = 40_000;
    /** Longer than any wait of the loops but that for a silent store, which is over by then, and for a failed operator. */
    private static final long QUIET_MS = 45_000;

    private static final int STORES_MAX = 7;

    private final Random random;
    private final Rules rules;
    private final Orders orders;
    private final int zones;
    private final Map<String, SimulatedStore> stores = new TreeMap<>();
    private final Map<Integer, SimulatedShard> groups = new TreeMap<>();
    private final SafetyChecks safety = new SafetyChecks();
    private int disks;
    private int registrations;
    private ClusterState state;
    private Observations observations;
    private List<ClusterCommand> inFlight = List.of();
    private long nowMs = 1_000_000;
    private long lastCommandMs;
    final Map<String, Integer> ended = new TreeMap<>();

    SimulatedCluster(long seed, Rules rules, Orders orders) {
        this.random = new Random(seed);
        this.rules = rules;
        this.orders = orders;
        int count = 1 + random.nextInt(6);
        this.zones = 1 + random.nextInt(3);
        int expect = 1 + random.nextInt(count);
        int shards = 1 + random.nextInt(random.nextInt(4) == 0 ? 8 : 3);
        this.state = Fixtures.initialized(shards, 1 + random.nextInt(3), expect);
        for (int i = 0; i < count; i++) {
            addStore();
        }
        failOver();
    }

    private void addStore() {
        int number = stores.size();
        SimulatedStore store =
                new SimulatedStore("store-" + number, zones == 1 ? "" : "zone-" + number % zones, ++disks);
        stores.put(store.name, store);
        store.start(nowMs + random.nextInt(5_000));
    }

    /** Lets things happen for so long; {@code faults} also bad ones. */
    void run(int seconds, boolean faults) {
        for (int second = 0; second < seconds; second++) {
            tick(faults);
        }
    }

    /** Until nothing has happened for so long, and nothing waits for its time. */
    void settle(int secondsMax) {
        for (int second = 0; second < secondsMax && !isQuiet(); second++) {
            tick(false);
        }
    }

    private boolean isQuiet() {
        Observed observed = observations.snapshot();
        return nowMs - lastCommandMs >= QUIET_MS
                && state.operators().isEmpty()
                && groups.values().stream().noneMatch(SimulatedShard::isChanging)
                && observed.changeNotBeforeMs().values().stream().allMatch(at -> at < nowMs - 10_000)
                && observed.transferNotBeforeMs().values().stream().allMatch(at -> at < nowMs - 10_000);
    }

    private void tick(boolean faults) {
        nowMs += 1_000;
        form();
        if (faults) {
            fault();
        }
        groups.values().forEach(group -> group.tick(nowMs));
        List.copyOf(stores.values()).forEach(this::beat);
        control();
    }

    /** Brings every store and its last disk back, but for those that are gone for good. */
    void heal() {
        stores.values().stream()
                .filter(store -> !store.running && !store.goneForGood)
                .forEach(store -> store.start(nowMs + random.nextInt(5_000)));
        stores.values().forEach(store -> store.slowUntilMs = 0);
        lastCommandMs = nowMs;
    }

    private void fault() {
        List<SimulatedStore> all = List.copyOf(stores.values());
        SimulatedStore one = all.get(random.nextInt(all.size()));
        switch (random.nextInt(40)) {
            case 0, 1 -> one.stop(nowMs);
            case 2, 3, 4 -> {
                if (!one.running && !one.goneForGood) {
                    one.start(nowMs + random.nextInt(5_000));
                }
            }
            case 5, 6 -> {
                if (!one.goneForGood && canLose(one)) {
                    one.newDisk(++disks);
                    one.stop(nowMs);
                    one.start(nowMs + random.nextInt(5_000));
                }
            }
            case 7 -> failOver();
            case 8 -> one.slowUntilMs = nowMs + random.nextInt(20_000);
            case 9 -> {
                if (random.nextInt(3) == 0 && canLose(one)) {
                    one.stop(nowMs);
                    one.goneForGood = true;
                    one.copies.clear();
                }
            }
            case 10 -> {
                if (stores.size() < STORES_MAX) {
                    addStore();
                }
            }
            case 11 -> {
                Intent intent = random.nextInt(3) == 0 ? Intent.SERVE : Intent.DECOMMISSION;
                boolean byScaleIn = intent == Intent.DECOMMISSION && one.incarnation % 2 == 0;
                apply(new ClusterCommand.SetIntent(one.id(), intent, "asked for", nowMs, byScaleIn));
            }
            case 12 ->
                groups.values().stream()
                        .skip(random.nextInt(groups.size() + 1))
                        .findFirst()
                        .ifPresent(group -> group.leader = 0);
            default -> {}
        }
    }

    /** A shard whose replicas never existed cannot be rebuilt: disks are lost once there is something on them. */
    private boolean canLose(SimulatedStore victim) {
        return isPlaced() && groups.values().stream().allMatch(group -> group.canLose(victim, nowMs));
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

    /** The groups come into being with the map. */
    private void form() {
        for (ShardRecord shard : state.shards().values()) {
            groups.computeIfAbsent(
                    shard.shard(),
                    number -> new SimulatedShard(
                            number,
                            shard.initial().stream().map(ReplicaRecord::info).toList(),
                            stores,
                            random));
        }
    }

    private void beat(SimulatedStore store) {
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
        check(
                Fencing.judge(state, store.id(), store.incarnation) == Fencing.Verdict.ACCEPTED,
                store.name + " is the newest of its name and was not accepted");
        observations.heard(state, store.id(), request(store), nowMs);
        orders.ordersFor(store.id(), state, observations.snapshot(), nowMs).forEach(order -> obey(store, order));
    }

    private HeartbeatRequest request(SimulatedStore store) {
        List<ReplicaReport> reports = new ArrayList<>();
        store.copies.forEach((shard, copy) -> {
            SimulatedShard group = groups.get(shard);
            boolean member = group.isMember(copy.replica);
            long leader = member ? group.leader : 0;
            boolean votes = copy.members.stream()
                    .anyMatch(info ->
                            info.replica() == copy.replica && info.kind().equals("voter"));
            // A leader acts on a change of members, and tells of it, before it is committed.
            List<ReplicaInfo> members = leader == copy.replica ? group.effectiveMembers() : copy.members;
            boolean changing = members != copy.members;
            String role = leader == copy.replica ? "leader" : votes ? "follower" : "learner";
            reports.add(new ReplicaReport(
                    shard,
                    copy.replica,
                    role,
                    member ? group.term : 0,
                    leader,
                    copy.applied,
                    copy.applied,
                    0,
                    copy.applied,
                    changing ? copy.applied + 1 : copy.membersIndex,
                    members));
        });
        return new HeartbeatRequest(
                store.name, store.id().diskId(), store.incarnation, "up", reports, List.of(), List.of(), 0, 0);
    }

    private void obey(SimulatedStore store, Order order) {
        if (random.nextInt(10) == 0) {
            return; // too slow: it will be told again
        }
        SimulatedStore.Copy there = store.copies.get(order.shard());
        switch (order.type()) {
            case "create_replica" -> {
                if (there == null) {
                    store.copies.put(
                            order.shard(),
                            new SimulatedStore.Copy(order.target().replica(), order.members()));
                }
            }
            case "destroy_replica" -> {
                SimulatedShard group = groups.get(order.shard());
                check(
                        !group.isMember(order.target().replica())
                                && !group.mayBecomeMember(order.target().replica()),
                        "a member of shard " + order.shard() + ", or one to be, is destroyed: " + order);
                if (there != null && there.replica == order.target().replica()) {
                    store.copies.remove(order.shard());
                }
            }
            default -> groups.get(order.shard()).obey(store.id(), order, nowMs);
        }
    }

    private void control() {
        inFlight.forEach(this::apply);
        observations.running(state, nowMs);
        inFlight = ControlLoops.decide(state, observations.snapshot(), REPAIR_AFTER_MS, nowMs, nowMs);
        if (!inFlight.isEmpty()) {
            lastCommandMs = nowMs;
        }
    }

    private Applied apply(ClusterCommand command) {
        ClusterState before = state;
        Applied applied = rules.apply(before, command);
        state = applied.state();
        if (command instanceof ClusterCommand.EndOperator end && applied.outcome() instanceof Applied.Outcome.Done) {
            OperatorRecord operator = before.operators().get(end.id());
            observations.ended(operator, end.ok(), nowMs);
            ended.merge(operator.kind() + (end.ok() ? "" : " undone"), 1, Integer::sum);
        }
        if (command instanceof ClusterCommand.RegisterStore register
                && applied.outcome() instanceof Applied.Outcome.Done done) {
            safety.registered(register.store().name(), done.number());
            registrations++;
        }
        if (state != before) {
            safety.changed(before, state);
        }
        return applied;
    }

    /** After a quiet time: full strength, balance, and nothing more happens. */
    void checkConverged() {
        check(state.operators().isEmpty(), "every operator ends: " + state.operators());
        check(isQuiet(), "a quiet cluster starts nothing: " + inFlight);
        new ConvergedChecks(state, stores, groups, zones == 1).run();
    }

    int registrations() {
        return registrations;
    }

    boolean isPlaced() {
        return !state.shards().isEmpty();
    }

    /** The whole state, for a message. */
    String describe() {
        return state.stores().values() + "\n" + state.shards().values() + "\n"
                + state.operators().values();
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
