package dev.ashlar.coordinator.state;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.ashlar.common.Limits;
import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.Event;
import dev.ashlar.coordinator.state.Applied.Outcome;

/**
 * How commands change the state.
 *
 * <ol>
 *   <li>A command that does not fit the state is refused and changes nothing. Proposals are made from a state that may be
 *       old by the time they are applied, so each names what it was based on (an incarnation, an epoch, a step).
 *   <li>An incarnation is the highest ever handed out for the name, plus one (S5). A new disk under a name makes the other
 *       disks of the name lost; a lost disk that hosts no replica is forgotten once its number is surpassed.
 *   <li>Replica numbers come from the shard's {@code nextReplica}, order ids from {@code nextOrder}: never used twice.
 *   <li>At most one operator per shard ({@link MemberRules} says which changes of members may start).
 *   <li>The members of a shard are what its group has committed; a replica that is dropped from the map is none any more.
 *   <li>Each change that people care for is an event.
 * </ol>
 *
 * <p>Pure: never throws, reads no clock, and walks only sorted collections (S3).
 */
public final class Transition {
    private final ClusterState before;
    private final ClusterCommand command;
    private final SortedMap<String, StoreRecord> stores;
    private final SortedMap<Integer, ShardRecord> shards;
    private final SortedMap<Long, OperatorRecord> operators;
    private final List<Event> events = new ArrayList<>();
    private String clusterId;
    private int formatVersion;
    private Settings settings;
    private long mapEpoch;
    private long nextOrder;
    private long nextEvent;

    private Transition(ClusterState before, ClusterCommand command) {
        this.before = before;
        this.command = command;
        this.stores = new TreeMap<>(before.stores());
        this.shards = new TreeMap<>(before.shards());
        this.operators = new TreeMap<>(before.operators());
        ClusterState.Meta meta = before.meta();
        this.clusterId = meta.clusterId();
        this.formatVersion = meta.formatVersion();
        this.settings = meta.settings();
        this.mapEpoch = meta.mapEpoch();
        this.nextOrder = meta.nextOrder();
        this.nextEvent = meta.nextEvent();
    }

    /** Applies a command. */
    public static Applied apply(ClusterState state, ClusterCommand command) {
        Transition transition = new Transition(state, command);
        if (!state.initialized() && !(command instanceof ClusterCommand.Initialize)) {
            return new Applied(state, List.of(), new Outcome.Refused("the cluster is not initialized"));
        }
        Outcome outcome =
                switch (command) {
                    case ClusterCommand.Initialize c -> transition.initialize(c);
                    case ClusterCommand.RegisterStore c -> transition.register(c);
                    case ClusterCommand.SetPresence c -> transition.setPresence(c);
                    case ClusterCommand.SetIntent c -> transition.setIntent(c);
                    case ClusterCommand.PlaceShards c -> transition.place(c);
                    case ClusterCommand.ConfirmReplicas c -> transition.confirm(c);
                    case ClusterCommand.SetPreferredLeader c -> transition.prefer(c);
                    case ClusterCommand.StartOperator c -> transition.start(c);
                    case ClusterCommand.StartChange c -> transition.startChange(c);
                    case ClusterCommand.ConfirmMembers c -> transition.confirmMembers(c);
                    case ClusterCommand.RetireStore c -> transition.retire(c);
                    case ClusterCommand.StepOperator c -> transition.step(c);
                    case ClusterCommand.EndOperator c -> transition.end(c);
                    case ClusterCommand.Finalize c -> transition.finish(c);
                    case ClusterCommand.RecordEvent c -> transition.record(c);
                };
        return outcome instanceof Outcome.Refused
                ? new Applied(state, List.of(), outcome)
                : new Applied(transition.after(), transition.events, outcome);
    }

    private ClusterState after() {
        return new ClusterState(
                new ClusterState.Meta(clusterId, formatVersion, mapEpoch, settings, nextOrder, nextEvent),
                stores,
                shards,
                operators);
    }

    private Outcome initialize(ClusterCommand.Initialize c) {
        if (before.initialized()) {
            return refused("the cluster is " + clusterId + " already");
        }
        clusterId = c.clusterId();
        formatVersion = c.formatVersion();
        settings = c.settings();
        event(
                "cluster_formed",
                c.clusterId(),
                settings.shards() + " shards, replication factor " + settings.replicationFactor() + ", waiting for "
                        + settings.expectStores() + " stores");
        return done();
    }

    private Outcome register(ClusterCommand.RegisterStore c) {
        StoreId id = c.store();
        StoreRecord known = stores.get(id.toString());
        if (known == null && stores.size() >= Limits.STORES_MAX) {
            return refused("there are " + stores.size() + " stores already, which is the limit");
        }
        if (c.dataFormat() < formatVersion) {
            return refused(tooOld(id.name(), c.version(), c.dataFormat(), formatVersion));
        }
        long incarnation = before.highestIncarnation(id.name()) + 1;
        loseOtherDisks(c);
        // A restart ends a drain, but no decommission that a person ordered. One that the store ordered itself, when
        // its
        // StatefulSet was too small for it, is over: a pod that starts again is wanted again.
        boolean leaves = known != null && known.intent() == Intent.DECOMMISSION;
        boolean wantedAgain = leaves && known.byScaleIn();
        Intent intent = leaves && !wantedAgain ? Intent.DECOMMISSION : Intent.SERVE;
        stores.put(
                id.toString(),
                new StoreRecord(
                        id,
                        c.zone(),
                        c.httpAddress(),
                        c.peerAddress(),
                        c.version(),
                        c.dataFormat(),
                        incarnation,
                        intent,
                        Presence.UP,
                        false));
        mapEpoch++;
        event(
                "store_registered",
                id.toString(),
                "incarnation " + incarnation + ", version " + c.version()
                        + (c.zone().isEmpty() ? "" : ", zone " + c.zone()) + ", " + c.httpAddress());
        if (wantedAgain) {
            event("store_serving", id.toString(), "it is wanted again: it started after its scale-in");
        }
        return new Outcome.Done(incarnation);
    }

    private void loseOtherDisks(ClusterCommand.RegisterStore c) {
        for (StoreRecord other : before.stores().values()) {
            if (!other.id().name().equals(c.store().name()) || other.id().equals(c.store())) {
                continue;
            }
            if (other.presence() != Presence.LOST) {
                event(
                        "store_lost",
                        other.id().toString(),
                        "disk " + c.store().diskId() + " registered under the name "
                                + c.store().name());
            }
            if (before.hostsReplicas(other.id())) {
                stores.put(other.id().toString(), other.withPresence(Presence.LOST));
            } else {
                stores.remove(other.id().toString());
            }
        }
    }

    private Outcome setPresence(ClusterCommand.SetPresence c) {
        StoreRecord store = stores.get(c.store().toString());
        if (store == null) {
            return refused("no store " + c.store());
        }
        if (store.incarnation() != c.incarnation() || store.presence() == Presence.LOST) {
            return refused(c.store() + " has registered anew, or is lost");
        }
        if (c.presence() == Presence.LOST) {
            return refused("a store is lost only when another disk registers under its name");
        }
        if (store.presence() == c.presence()) {
            return done();
        }
        stores.put(c.store().toString(), store.withPresence(c.presence()));
        mapEpoch++;
        event(
                c.presence() == Presence.DOWN ? "store_down" : "store_up",
                c.store().toString(),
                c.reason());
        return done();
    }

    private Outcome setIntent(ClusterCommand.SetIntent c) {
        StoreRecord store = stores.get(c.store().toString());
        if (store == null || store.presence() == Presence.LOST) {
            return refused(store == null ? "no store " + c.store() : c.store() + " is lost");
        }
        boolean kept = store.intent() == Intent.DECOMMISSION && c.intent() == Intent.DRAIN;
        boolean same = store.intent() == c.intent() && (c.byScaleIn() || !store.byScaleIn());
        if (same || kept) {
            return done();
        }
        if (c.intent() == Intent.DECOMMISSION && store.intent() != Intent.DECOMMISSION) {
            long left = before.stores().values().stream()
                    .filter(other -> !other.id().equals(c.store())
                            && other.presence() == Presence.UP
                            && other.intent() != Intent.DECOMMISSION)
                    .count();
            int needed = MemberRules.replicasNeeded(before);
            if (left < needed) {
                return refused("without " + c.store().name() + " only " + left + " stores are up to hold " + needed
                        + " replicas of each shard");
            }
        }
        stores.put(c.store().toString(), store.withIntent(c.intent(), c.byScaleIn()));
        mapEpoch++;
        event(
                switch (c.intent()) {
                    case SERVE -> "store_serving";
                    case DRAIN -> "store_draining";
                    case DECOMMISSION -> "store_decommissioning";
                },
                c.store().toString(),
                c.reason());
        return done();
    }

    private Outcome finish(ClusterCommand.Finalize c) {
        if (c.formatVersion() <= formatVersion) {
            return done();
        }
        for (StoreRecord store : stores.values()) {
            if (store.presence() != Presence.LOST && store.dataFormat() < c.formatVersion()) {
                return refused(store.id().name() + " runs version " + store.version()
                        + ", which reads data formats up to " + store.dataFormat() + ", not " + c.formatVersion());
            }
        }
        formatVersion = c.formatVersion();
        event("cluster_finalized", clusterId, "data format " + formatVersion + "; older versions are refused");
        return done();
    }

    /** Why a store of an older version cannot take part any more. */
    public static String tooOld(String store, String version, int reads, int format) {
        return "the cluster is finalized at data format " + format + "; version " + version + " of " + store
                + " reads formats up to " + reads + ": run a newer version";
    }

    private Outcome place(ClusterCommand.PlaceShards c) {
        if (!shards.isEmpty()) {
            return refused("the shards are placed already");
        }
        if (c.placements().size() != settings.shards()) {
            return refused("a map of " + settings.shards() + " shards cannot have "
                    + c.placements().size());
        }
        for (int i = 0; i < c.placements().size(); i++) {
            ClusterCommand.Placement placement = c.placements().get(i);
            Set<StoreId> distinct = new HashSet<>(placement.stores());
            if (placement.shard() != i
                    || distinct.isEmpty()
                    || distinct.size() != placement.stores().size()
                    || !distinct.stream().allMatch(id -> stores.containsKey(id.toString()))) {
                return refused("shard " + i + " is not placed on distinct, registered stores");
            }
        }
        c.placements().forEach(this::placeShard);
        mapEpoch++;
        return done();
    }

    private void placeShard(ClusterCommand.Placement placement) {
        List<ReplicaRecord> replicas = new ArrayList<>();
        for (StoreId store : placement.stores()) {
            replicas.add(new ReplicaRecord(store, replicas.size() + 1L, ReplicaRecord.Kind.VOTER, nextOrder++));
        }
        shards.put(
                placement.shard(),
                new ShardRecord(placement.shard(), 1, replicas, replicas, 1, replicas.size() + 1L, 0));
        event(
                "shard_placed",
                "shard " + placement.shard(),
                "on "
                        + String.join(
                                ", ",
                                placement.stores().stream().map(StoreId::name).toList()));
    }

    private Outcome confirm(ClusterCommand.ConfirmReplicas c) {
        for (ClusterCommand.ReplicaRef ref : c.replicas()) {
            ShardRecord shard = shards.get(ref.shard());
            if (shard == null) {
                continue;
            }
            List<ReplicaRecord> next = shard.replicas().stream()
                    .map(r -> r.replica() == ref.replica() ? r.asCreated() : r)
                    .toList();
            if (next.equals(shard.replicas())) {
                continue;
            }
            ShardRecord changed = shard.withReplicas(next);
            shards.put(ref.shard(), changed);
            mapEpoch++;
            if (changed.replicas().stream().allMatch(ReplicaRecord::created)) {
                event("shard_created", "shard " + ref.shard(), "all " + next.size() + " replicas exist");
            }
        }
        return done();
    }

    private Outcome prefer(ClusterCommand.SetPreferredLeader c) {
        ShardRecord shard = shards.get(c.shard());
        if (shard == null || shard.epoch() != c.epoch()) {
            return refused("shard " + c.shard() + " has changed since, or is not there");
        }
        boolean voter = shard.replica(c.replica())
                .filter(r -> r.kind() == ReplicaRecord.Kind.VOTER)
                .isPresent();
        if (!voter) {
            return refused("replica " + c.replica() + " is not a voter of shard " + c.shard());
        }
        shards.put(c.shard(), shard.withPreferredLeader(c.replica()));
        mapEpoch++;
        event("leader_preferred", "shard " + c.shard(), nameOf(shard, c.replica()) + ": " + c.reason());
        return done();
    }

    private Outcome start(ClusterCommand.StartOperator c) {
        ShardRecord shard = shards.get(c.shard());
        if (shard == null || shard.replica(c.replica()).isEmpty()) {
            return refused("shard " + c.shard() + " has no replica " + c.replica());
        }
        if (before.operatorOf(c.shard()).isPresent()) {
            return refused("shard " + c.shard() + " has an operator already");
        }
        long id = nextOrder++;
        operators.put(
                id,
                new OperatorRecord(
                        id, c.kind(), c.shard(), c.replica(), c.term(), c.step(), c.reason(), c.atMs(), 0, id));
        event(
                "operator_started",
                "shard " + c.shard(),
                c.kind() + " to " + nameOf(shard, c.replica()) + ": " + c.reason());
        return new Outcome.Done(id);
    }

    private Outcome startChange(ClusterCommand.StartChange c) {
        Optional<String> refusal = MemberRules.refusal(before, c);
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        ShardRecord shard = shards.get(c.shard());
        long id = nextOrder++;
        long replica = c.replica();
        String target = replica == 0 ? "" : " on " + nameOf(shard, replica);
        if (!c.addOn().isEmpty()) {
            StoreId store = c.addOn().getFirst();
            replica = shard.nextReplica();
            target = " on " + store.name();
            shards.put(c.shard(), shard.withNewLearner(store, nextOrder++));
            mapEpoch++;
        }
        operators.put(
                id,
                new OperatorRecord(
                        id, c.kind(), c.shard(), replica, 0, c.step(), c.reason(), c.atMs(), c.removes(), id));
        event(
                "operator_started",
                "shard " + c.shard(),
                c.kind() + target + (c.removes() == 0 ? "" : " instead of " + nameOf(shard, c.removes())) + ": "
                        + c.reason());
        return new Outcome.Done(id);
    }

    private Outcome confirmMembers(ClusterCommand.ConfirmMembers c) {
        ShardRecord shard = shards.get(c.shard());
        if (shard == null || shard.membersIndex() >= c.membersIndex()) {
            return refused("shard " + c.shard() + " is known with a newer membership, or is not there");
        }
        long adding = before.operatorOf(c.shard()).map(OperatorRecord::replica).orElse(0L);
        ShardRecord next = shard.withMembers(c.membersIndex(), c.members(), adding);
        shards.put(c.shard(), next);
        mapEpoch++;
        Changed.between(shard, next).forEach(change -> event(change.kind(), "shard " + c.shard(), change.reason()));
        forgetLostDisks();
        return done();
    }

    private void forgetLostDisks() {
        for (StoreId lost : MemberRules.forgettable(after())) {
            stores.remove(lost.toString());
            mapEpoch++;
        }
    }

    private Outcome retire(ClusterCommand.RetireStore c) {
        if (!MemberRules.mayRetire(before, c)) {
            return refused(c.store() + " is not a decommissioned, empty and stopped store");
        }
        // Kept as a lost one: its incarnation may not be handed out again (S5).
        StoreRecord store = stores.get(c.store().toString());
        stores.put(c.store().toString(), store.withPresence(Presence.LOST).withIntent(Intent.SERVE, false));
        mapEpoch++;
        event("store_retired", c.store().toString(), "it was decommissioned, holds nothing and has stopped");
        return done();
    }

    private Outcome step(ClusterCommand.StepOperator c) {
        OperatorRecord operator = operators.get(c.id());
        if (operator == null || !operator.step().equals(c.from())) {
            return refused("operator " + c.id() + " is not at step " + c.from());
        }
        operators.put(c.id(), operator.withStep(c.to(), nextOrder++));
        event("operator_stepped", "shard " + operator.shard(), operator.kind() + ": " + c.to());
        return done();
    }

    private Outcome end(ClusterCommand.EndOperator c) {
        OperatorRecord operator = operators.remove(c.id());
        if (operator == null) {
            return refused("operator " + c.id() + " is not running");
        }
        String kind = !c.ok()
                ? "operator_failed"
                : operator.kind().equals(OperatorRecord.TRANSFER_LEADER) ? "leader_moved" : "operator_done";
        ShardRecord shard = shards.get(operator.shard());
        if (c.ok() && operator.kind().equals(OperatorRecord.REMOVE) && shard != null) {
            dropLearner(shard, operator.removes());
        }
        String target = shard == null || operator.replica() == 0 ? "" : " to " + nameOf(shard, operator.replica());
        event(kind, "shard " + operator.shard(), operator.kind() + target + ": " + c.reason());
        return done();
    }

    /** A learner that was never added, or is no member any more, is in no membership that could be confirmed. */
    private void dropLearner(ShardRecord shard, long replica) {
        ShardRecord rest = shard.withoutLearner(replica);
        if (rest != shard) {
            shards.put(shard.shard(), rest);
            mapEpoch++;
            forgetLostDisks();
        }
    }

    private Outcome record(ClusterCommand.RecordEvent c) {
        event(c.kind(), c.subject(), c.reason());
        return done();
    }

    private static String nameOf(ShardRecord shard, long replica) {
        return shard.replica(replica).map(r -> r.store().name()).orElse("replica " + replica);
    }

    private void event(String kind, String subject, String reason) {
        String cut = reason.length() > Limits.EVENT_REASON_CHARS_MAX
                ? reason.substring(0, Limits.EVENT_REASON_CHARS_MAX)
                : reason;
        events.add(new Event(nextEvent++, command.atMs(), kind, subject, cut));
    }

    private static Outcome done() {
        return new Outcome.Done(0);
    }

    private static Outcome refused(String reason) {
        return new Outcome.Refused(reason);
    }
}
