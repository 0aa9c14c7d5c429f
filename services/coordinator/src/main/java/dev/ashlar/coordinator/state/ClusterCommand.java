package dev.ashlar.coordinator.state;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.ReplicaInfo;

/**
 * What changes the replicated state. Every command carries the wall clock of the leader that proposed it ({@code atMs},
 * milliseconds since 1970) and what else it needs; {@link Transition} says what it does and when it is refused.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ClusterCommand.Initialize.class, name = "initialize"),
    @JsonSubTypes.Type(value = ClusterCommand.RegisterStore.class, name = "register_store"),
    @JsonSubTypes.Type(value = ClusterCommand.SetPresence.class, name = "set_presence"),
    @JsonSubTypes.Type(value = ClusterCommand.SetIntent.class, name = "set_intent"),
    @JsonSubTypes.Type(value = ClusterCommand.PlaceShards.class, name = "place_shards"),
    @JsonSubTypes.Type(value = ClusterCommand.ConfirmReplicas.class, name = "confirm_replicas"),
    @JsonSubTypes.Type(value = ClusterCommand.SetPreferredLeader.class, name = "set_preferred_leader"),
    @JsonSubTypes.Type(value = ClusterCommand.StartOperator.class, name = "start_operator"),
    @JsonSubTypes.Type(value = ClusterCommand.StartChange.class, name = "start_change"),
    @JsonSubTypes.Type(value = ClusterCommand.ConfirmMembers.class, name = "confirm_members"),
    @JsonSubTypes.Type(value = ClusterCommand.RetireStore.class, name = "retire_store"),
    @JsonSubTypes.Type(value = ClusterCommand.StepOperator.class, name = "step_operator"),
    @JsonSubTypes.Type(value = ClusterCommand.EndOperator.class, name = "end_operator"),
    @JsonSubTypes.Type(value = ClusterCommand.Finalize.class, name = "finalize"),
    @JsonSubTypes.Type(value = ClusterCommand.RecordEvent.class, name = "record_event")
})
public sealed interface ClusterCommand {
    long atMs();

    /** Names the cluster and fixes its settings. The first command; every further one changes nothing. */
    record Initialize(String clusterId, int formatVersion, Settings settings, long atMs) implements ClusterCommand {}

    /** A store process has started. */
    record RegisterStore(
            StoreId store,
            String zone,
            String httpAddress,
            String peerAddress,
            String version,
            int dataFormat,
            long atMs)
            implements ClusterCommand {}

    /** A store went silent, or is heard again. Refused when the store has registered anew meanwhile. */
    record SetPresence(StoreId store, long incarnation, Presence presence, String reason, long atMs)
            implements ClusterCommand {}

    /**
     * What an operator wants of a store. Refused for a store that is unknown or lost; a decommission also when too few others
     * that are up and serve would be left for the replication factor. Asking again for the same changes nothing, and so does
     * a drain of a store that is being decommissioned: its leaderships move away anyway.
     *
     * @param byScaleIn whether the store orders its own decommission, because its StatefulSet has become too small: it is
     *     over when the store starts again, while what a person ordered stays
     */
    record SetIntent(StoreId store, Intent intent, String reason, long atMs, boolean byScaleIn)
            implements ClusterCommand {}

    /** The first map: the stores of each shard, position by position from shard 0. Refused when there is a map. */
    record PlaceShards(List<Placement> placements, long atMs) implements ClusterCommand {}

    /** Where a shard goes. The first store is its preferred leader. */
    record Placement(int shard, List<StoreId> stores) {}

    /** Stores have reported these replicas: they exist, and are never to be created again. */
    record ConfirmReplicas(List<ReplicaRef> replicas, long atMs) implements ClusterCommand {}

    /** A replica by its numbers. */
    record ReplicaRef(int shard, long replica) {}

    /** Refused when the shard has changed since {@code epoch}. */
    record SetPreferredLeader(int shard, long epoch, long replica, String reason, long atMs)
            implements ClusterCommand {}

    /** Refused when the shard has an operator, or lacks the replica. */
    record StartOperator(String kind, int shard, long replica, int term, String step, String reason, long atMs)
            implements ClusterCommand {}

    /**
     * Starts a change of a shard's members. {@code addOn} names no store, or the one that gets a new replica; {@code replica}
     * is a learner that is there already, or 0. Refused when the shard has changed since {@code epoch}, has an operator, has
     * no member {@code removes}, or has a replica on a store of that name (but for one that is lost).
     */
    record StartChange(
            String kind,
            int shard,
            long epoch,
            List<StoreId> addOn,
            long replica,
            long removes,
            String step,
            String reason,
            long atMs)
            implements ClusterCommand {}

    /** A shard's group has committed this membership at this index of its log. Refused when a newer one is known. */
    record ConfirmMembers(int shard, long membersIndex, List<ReplicaInfo> members, long atMs)
            implements ClusterCommand {}

    /**
     * A decommissioned store that holds nothing has stopped: it is missed no longer. Refused when it has registered anew, is
     * up, is to serve, or holds a replica.
     */
    record RetireStore(StoreId store, long incarnation, long atMs) implements ClusterCommand {}

    /** Refused when the operator has ended or stands at another step than {@code from}. */
    record StepOperator(long id, String from, String to, long atMs) implements ClusterCommand {}

    /** An operator is over, well or not. Refused when it is not running. */
    record EndOperator(long id, boolean ok, String reason, long atMs) implements ClusterCommand {}

    /** The cluster uses this data format from now on. Refused while a store is there that does not read it. */
    record Finalize(int formatVersion, long atMs) implements ClusterCommand {}

    /** Writes a line into the journal. */
    record RecordEvent(String kind, String subject, String reason, long atMs) implements ClusterCommand {}
}
