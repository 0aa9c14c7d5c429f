package dev.ashlar.coordinator.state;

import dev.ashlar.common.Limits;
import dev.ashlar.common.StoreId;
import dev.ashlar.coordinator.state.Applied.Outcome;

/**
 * What happens to stores: they register, go down and come back, are to leave, and have left. An incarnation is the highest ever
 * handed out for the name, plus one (S5), which is why the other disks of a name are kept as lost while anything needs them.
 *
 * <p>Pure, for one command: a part of {@link Transition}.
 */
final class StoreCommands {
    private final Draft draft;

    StoreCommands(Draft draft) {
        this.draft = draft;
    }

    Outcome register(ClusterCommand.RegisterStore c) {
        StoreId id = c.store();
        StoreRecord known = draft.stores.get(id.toString());
        if (known == null && draft.stores.size() >= Limits.STORES_MAX) {
            return new Outcome.Refused("there are " + draft.stores.size() + " stores already, which is the limit");
        }
        int format = draft.before().meta().formatVersion();
        if (c.dataFormat() < format) {
            return new Outcome.Refused(Transition.tooOld(id.name(), c.version(), c.dataFormat(), format));
        }
        long incarnation = draft.before().highestIncarnation(id.name()) + 1;
        loseOtherDisks(c);
        // A restart ends a drain, but no decommission that a person ordered. One that the store ordered itself is over,
        // since its StatefulSet was too small for it then: a pod that starts again is wanted again.
        boolean leaves = known != null && known.intent() == Intent.DECOMMISSION;
        boolean wantedAgain = leaves && known.byScaleIn();
        Intent intent = leaves && !wantedAgain ? Intent.DECOMMISSION : Intent.SERVE;
        draft.stores.put(
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
        draft.mapChanged();
        draft.event(
                "store_registered",
                id.toString(),
                "incarnation " + incarnation + ", version " + c.version()
                        + (c.zone().isEmpty() ? "" : ", zone " + c.zone()) + ", " + c.httpAddress());
        if (wantedAgain) {
            draft.event("store_serving", id.toString(), "it is wanted again: it started after its scale-in");
        }
        return new Outcome.Done(incarnation);
    }

    private void loseOtherDisks(ClusterCommand.RegisterStore c) {
        for (StoreRecord other : draft.before().stores().values()) {
            if (!other.id().name().equals(c.store().name()) || other.id().equals(c.store())) {
                continue;
            }
            if (other.presence() != Presence.LOST) {
                draft.event(
                        "store_lost",
                        other.id().toString(),
                        "disk " + c.store().diskId() + " registered under the name "
                                + c.store().name());
            }
            if (draft.before().hostsReplicas(other.id())) {
                draft.stores.put(other.id().toString(), other.withPresence(Presence.LOST));
            } else {
                draft.stores.remove(other.id().toString());
            }
        }
    }

    Outcome setPresence(ClusterCommand.SetPresence c) {
        StoreRecord store = draft.stores.get(c.store().toString());
        if (store == null) {
            return new Outcome.Refused("no store " + c.store());
        }
        if (store.incarnation() != c.incarnation() || store.presence() == Presence.LOST) {
            return new Outcome.Refused(c.store() + " has registered anew, or is lost");
        }
        if (c.presence() == Presence.LOST) {
            return new Outcome.Refused("a store is lost only when another disk registers under its name");
        }
        if (store.presence() == c.presence()) {
            return new Outcome.Done(0);
        }
        draft.stores.put(c.store().toString(), store.withPresence(c.presence()));
        draft.mapChanged();
        draft.event(
                c.presence() == Presence.DOWN ? "store_down" : "store_up",
                c.store().toString(),
                c.reason());
        return new Outcome.Done(0);
    }

    Outcome setIntent(ClusterCommand.SetIntent c) {
        StoreRecord store = draft.stores.get(c.store().toString());
        if (store == null || store.presence() == Presence.LOST) {
            return new Outcome.Refused(store == null ? "no store " + c.store() : c.store() + " is lost");
        }
        boolean kept = store.intent() == Intent.DECOMMISSION && c.intent() == Intent.DRAIN;
        boolean same = store.intent() == c.intent() && (c.byScaleIn() || !store.byScaleIn());
        if (same || kept) {
            return new Outcome.Done(0);
        }
        if (c.intent() == Intent.DECOMMISSION && store.intent() != Intent.DECOMMISSION) {
            long left = draft.before().stores().values().stream()
                    .filter(other -> !other.id().equals(c.store())
                            && other.presence() == Presence.UP
                            && other.intent() != Intent.DECOMMISSION)
                    .count();
            int needed = MemberRules.replicasNeeded(draft.before());
            if (left < needed) {
                return new Outcome.Refused("without " + c.store().name() + " only " + left + " stores are up to hold "
                        + needed + " replicas of each shard");
            }
        }
        draft.stores.put(c.store().toString(), store.withIntent(c.intent(), c.byScaleIn()));
        draft.mapChanged();
        draft.event(
                switch (c.intent()) {
                    case SERVE -> "store_serving";
                    case DRAIN -> "store_draining";
                    case DECOMMISSION -> "store_decommissioning";
                },
                c.store().toString(),
                c.reason());
        return new Outcome.Done(0);
    }

    Outcome retire(ClusterCommand.RetireStore c) {
        if (!MemberRules.mayRetire(draft.before(), c)) {
            return new Outcome.Refused(c.store() + " is not a decommissioned, empty and stopped store");
        }
        // Kept as a lost one: its incarnation may not be handed out again (S5).
        StoreRecord store = draft.stores.get(c.store().toString());
        draft.stores.put(c.store().toString(), store.withPresence(Presence.LOST).withIntent(Intent.SERVE, false));
        draft.mapChanged();
        draft.event("store_retired", c.store().toString(), "it was decommissioned, holds nothing and has stopped");
        return new Outcome.Done(0);
    }
}
