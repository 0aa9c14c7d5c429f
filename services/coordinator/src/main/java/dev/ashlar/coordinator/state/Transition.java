package dev.ashlar.coordinator.state;

import java.util.List;

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
 * <p>Pure: never throws, reads no clock, and walks only sorted collections (S3). What concerns the cluster as a whole is here,
 * the rest in {@link StoreCommands}, {@link ShardCommands} and {@link OperatorCommands}.
 */
public final class Transition {
    private Transition() {}

    /** Applies a command. */
    public static Applied apply(ClusterState state, ClusterCommand command) {
        if (!state.initialized() && !(command instanceof ClusterCommand.Initialize)) {
            return new Applied(state, List.of(), new Outcome.Refused("the cluster is not initialized"));
        }
        Draft draft = new Draft(state, command.atMs());
        StoreCommands stores = new StoreCommands(draft);
        ShardCommands shards = new ShardCommands(draft);
        OperatorCommands operators = new OperatorCommands(draft, shards);
        Outcome outcome =
                switch (command) {
                    case ClusterCommand.Initialize c -> initialize(draft, c);
                    case ClusterCommand.RegisterStore c -> stores.register(c);
                    case ClusterCommand.SetPresence c -> stores.setPresence(c);
                    case ClusterCommand.SetIntent c -> stores.setIntent(c);
                    case ClusterCommand.PlaceShards c -> shards.place(c);
                    case ClusterCommand.ConfirmReplicas c -> shards.confirm(c);
                    case ClusterCommand.SetPreferredLeader c -> shards.prefer(c);
                    case ClusterCommand.StartOperator c -> operators.start(c);
                    case ClusterCommand.StartChange c -> operators.startChange(c);
                    case ClusterCommand.ConfirmMembers c -> shards.confirmMembers(c);
                    case ClusterCommand.RetireStore c -> stores.retire(c);
                    case ClusterCommand.StepOperator c -> operators.step(c);
                    case ClusterCommand.EndOperator c -> operators.end(c);
                    case ClusterCommand.Finalize c -> finish(draft, c);
                    case ClusterCommand.RecordEvent c -> record(draft, c);
                };
        return outcome instanceof Outcome.Refused
                ? new Applied(state, List.of(), outcome)
                : new Applied(draft.after(), draft.events(), outcome);
    }

    private static Outcome initialize(Draft draft, ClusterCommand.Initialize c) {
        if (draft.before().initialized()) {
            return new Outcome.Refused("the cluster is " + draft.before().meta().clusterId() + " already");
        }
        Settings settings = c.settings();
        draft.form(c.clusterId(), c.formatVersion(), settings);
        draft.event(
                "cluster_formed",
                c.clusterId(),
                settings.shards() + " shards, replication factor " + settings.replicationFactor() + ", waiting for "
                        + settings.expectStores() + " stores");
        return new Outcome.Done(0);
    }

    private static Outcome finish(Draft draft, ClusterCommand.Finalize c) {
        ClusterState.Meta meta = draft.before().meta();
        if (c.formatVersion() <= meta.formatVersion()) {
            return new Outcome.Done(0);
        }
        for (StoreRecord store : draft.stores.values()) {
            if (store.presence() != Presence.LOST && store.dataFormat() < c.formatVersion()) {
                return new Outcome.Refused(store.id().name() + " runs version " + store.version()
                        + ", which reads data formats up to " + store.dataFormat() + ", not " + c.formatVersion());
            }
        }
        draft.finalizeAt(c.formatVersion());
        draft.event(
                "cluster_finalized",
                meta.clusterId(),
                "data format " + c.formatVersion() + "; older versions are refused");
        return new Outcome.Done(0);
    }

    /** Why a store of an older version cannot take part any more. */
    public static String tooOld(String store, String version, int reads, int format) {
        return "the cluster is finalized at data format " + format + "; version " + version + " of " + store
                + " reads formats up to " + reads + ": run a newer version";
    }

    private static Outcome record(Draft draft, ClusterCommand.RecordEvent c) {
        draft.event(c.kind(), c.subject(), c.reason());
        return new Outcome.Done(0);
    }
}
