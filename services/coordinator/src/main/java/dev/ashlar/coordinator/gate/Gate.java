package dev.ashlar.coordinator.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

import dev.ashlar.common.Limits;
import dev.ashlar.common.cluster.GateAnswer;
import dev.ashlar.coordinator.membership.Observed;
import dev.ashlar.coordinator.membership.StoreSeen;
import dev.ashlar.coordinator.membership.Timing;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Intent;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * May this process be restarted now (S7)?
 *
 * <p>A store: hold while
 *
 * <ol>
 *   <li>this coordinator has led for less than {@link Timing#STEADY_MS}: it does not know yet;
 *   <li>a shard is below full strength, the store's own replicas left out ({@link Strength}): a store that is down already
 *       may be restarted as long as all others are whole;
 *   <li>the store is up and its restart takes a shard below a majority of its voters;
 *   <li>an operator runs;
 *   <li>another store stops, starts, is drained or is being emptied;
 *   <li>the other stores run more than two versions, or data formats more than one apart: one step at a time;
 *   <li>another store has any alarm, or any store a full disk;
 *   <li>a coordinator is silent, behind, does not vote yet, or has a full disk.
 * </ol>
 *
 * <p>With no shards placed there is nothing to lose, and only the last two hold.
 *
 * <p>A coordinator: hold while another coordinator is silent, behind or a learner, or the disk of the leader is full. Shards are not
 * looked at, as coordinators are not on the data path. A group of one or two has no majority to keep and may restart.
 */
public final class Gate {
    private static final String DISK_FULL = "disk_full";

    private Gate() {}

    /** For a store by its name; empty when there is no such store. */
    public static Optional<GateAnswer> ofStore(
            ClusterState state, Observed observed, CoordinatorsSeen coordinators, String name, long nowMs) {
        Optional<StoreRecord> target = state.presentStores().stream()
                .filter(store -> store.id().name().equals(name))
                .findFirst();
        return target.map(store -> {
            List<String> reasons = new ArrayList<>();
            if (!state.shards().isEmpty()) {
                shards(state, observed, store, nowMs, reasons);
                otherStores(state, observed, store, nowMs, reasons);
                versions(state, store, reasons);
            }
            alarms(state, observed, store, nowMs, reasons);
            coordinators(coordinators, "", reasons);
            return GateAnswer.of(reasons);
        });
    }

    /** For a coordinator by its name; empty when it is not a member. */
    public static Optional<GateAnswer> ofCoordinator(CoordinatorsSeen coordinators, String name) {
        if (!coordinators.members().contains(name)) {
            return Optional.empty();
        }
        List<String> reasons = new ArrayList<>();
        coordinators(coordinators, name, reasons);
        return Optional.of(GateAnswer.of(reasons));
    }

    private static void shards(
            ClusterState state, Observed observed, StoreRecord target, long nowMs, List<String> reasons) {
        long ledMs = nowMs - observed.leadingSinceMs();
        if (ledMs < Timing.STEADY_MS) {
            reasons.add("a new coordinator leads and has heard the stores for " + ledMs / 1_000 + " s only");
        }
        reasons.addAll(Strength.missing(state, observed, state.shards().values(), Optional.of(target.id()), nowMs));
        if (Strength.heard(observed, target, nowMs).isPresent()) {
            Lacks lacks = new Lacks();
            state.shards().values().forEach(shard -> {
                List<ReplicaRecord> voters = shard.replicas().stream()
                        .filter(replica -> replica.kind() == ReplicaRecord.Kind.VOTER)
                        .toList();
                boolean votes = voters.stream().anyMatch(voter -> voter.store().equals(target.id()));
                if (votes && voters.size() - 1 < majorityOf(voters.size())) {
                    lacks.add(
                            shard.shard(),
                            "of " + voters.size() + (voters.size() == 1 ? " voter" : " voters")
                                    + " none may be missing: no majority would be left");
                }
            });
            reasons.addAll(lacks.lines());
        }
        state.operators()
                .values()
                .forEach(operator -> reasons.add("operator " + operator.id() + " runs: " + operator.kind()
                        + " of shard " + operator.shard() + ", " + operator.step()));
    }

    private static void otherStores(
            ClusterState state, Observed observed, StoreRecord target, long nowMs, List<String> reasons) {
        for (StoreRecord store : state.presentStores()) {
            if (store.id().equals(target.id()) || store.presence() == Presence.DOWN) {
                continue; // one that is down counts where it hosts replicas
            }
            String name = store.id().name();
            Optional<StoreSeen> seen = Strength.heard(observed, store, nowMs);
            if (seen.filter(s -> s.state().equals("draining")).isPresent()) {
                reasons.add(name + " is stopping");
            } else if (seen.filter(s -> nowMs - s.sinceMs() < Timing.STEADY_MS
                            || s.readiness().equals("starting"))
                    .isPresent()) {
                reasons.add(name + " is starting");
            }
            if (store.intent() == Intent.DRAIN) {
                reasons.add(name + " is drained");
            } else if (store.intent() == Intent.DECOMMISSION && state.hostsReplicas(store.id())) {
                reasons.add(name + " is being decommissioned");
            }
        }
    }

    private static void versions(ClusterState state, StoreRecord target, List<String> reasons) {
        TreeSet<String> versions = new TreeSet<>();
        TreeSet<Integer> formats = new TreeSet<>();
        for (StoreRecord store : state.presentStores()) {
            if (store.presence() == Presence.UP && !store.id().equals(target.id())) {
                versions.add(store.version());
                formats.add(store.dataFormat());
            }
        }
        if (versions.size() > 2) {
            reasons.add("the other stores run more than two versions: " + String.join(", ", versions));
        }
        if (!formats.isEmpty() && formats.last() - formats.first() > 1) {
            reasons.add("the data formats of the other stores are more than one step apart: " + formats.first() + " to "
                    + formats.last());
        }
    }

    private static void alarms(
            ClusterState state, Observed observed, StoreRecord target, long nowMs, List<String> reasons) {
        for (StoreRecord store : state.presentStores()) {
            boolean other = !store.id().equals(target.id());
            Strength.heard(observed, store, nowMs).map(StoreSeen::alarms).orElse(List.of()).stream()
                    .filter(alarm -> other || alarm.equals(DISK_FULL))
                    .forEach(alarm -> reasons.add(store.id().name() + ": " + alarm));
        }
    }

    private static void coordinators(CoordinatorsSeen seen, String leftOut, List<String> reasons) {
        for (String member : seen.members()) {
            if (member.equals(leftOut)) {
                continue;
            }
            long lag = seen.lagEntries().getOrDefault(member, 0L);
            if (seen.silent().contains(member)) {
                reasons.add(member + " (coordinator) does not answer");
            } else if (lag > Limits.GATE_LAG_ENTRIES_MAX) {
                reasons.add(member + " (coordinator) is " + lag + " entries behind");
            }
        }
        seen.learners().stream()
                .filter(learner -> !learner.equals(leftOut))
                .forEach(learner -> reasons.add(learner + " (coordinator) does not vote yet"));
        if (seen.diskFull()) {
            reasons.add("the disk of the leading coordinator is full");
        }
    }

    private static int majorityOf(int voters) {
        return voters / 2 + 1;
    }
}
