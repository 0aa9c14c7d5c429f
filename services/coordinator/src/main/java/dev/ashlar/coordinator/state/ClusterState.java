package dev.ashlar.coordinator.state;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import dev.ashlar.common.StoreId;

/**
 * All that is replicated but the journal. Maps are sorted, so that every walk over them has the same order everywhere.
 *
 * @param meta the numbers
 * @param stores by {@code name.diskid}; a name may have a lost disk beside its present one
 * @param shards by number; empty until they are placed
 * @param operators running ones, by id
 */
public record ClusterState(
        Meta meta,
        SortedMap<String, StoreRecord> stores,
        SortedMap<Integer, ShardRecord> shards,
        SortedMap<Long, OperatorRecord> operators) {
    /** Before the first command. */
    public static final ClusterState EMPTY = new ClusterState(
            new Meta("", 0, 0, new Settings(1, 1, 1), 1, 1), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());

    /**
     * The numbers of a cluster.
     *
     * @param clusterId a UUID, empty before the cluster is initialized
     * @param formatVersion of the replicated data
     * @param mapEpoch grows with every change of the shard map or of a store's address
     * @param nextOrder the id the next order or operator gets
     * @param nextEvent the id the next event gets
     */
    public record Meta(
            String clusterId, int formatVersion, long mapEpoch, Settings settings, long nextOrder, long nextEvent) {}

    public ClusterState {
        stores = Collections.unmodifiableSortedMap(new TreeMap<>(stores));
        shards = Collections.unmodifiableSortedMap(new TreeMap<>(shards));
        operators = Collections.unmodifiableSortedMap(new TreeMap<>(operators));
    }

    public boolean initialized() {
        return !meta.clusterId().isEmpty();
    }

    public Settings settings() {
        return meta.settings();
    }

    public Optional<StoreRecord> store(StoreId id) {
        return Optional.ofNullable(stores.get(id.toString()));
    }

    /** The stores that are not lost, by name. */
    public List<StoreRecord> presentStores() {
        return stores.values().stream()
                .filter(store -> store.presence() != Presence.LOST)
                .toList();
    }

    /** The highest incarnation ever handed out for a name, 0 for none. Lost disks count: their number is never reused. */
    public long highestIncarnation(String name) {
        return stores.values().stream()
                .filter(store -> store.id().name().equals(name))
                .mapToLong(StoreRecord::incarnation)
                .max()
                .orElse(0);
    }

    public Optional<OperatorRecord> operatorOf(int shard) {
        return operators.values().stream().filter(op -> op.shard() == shard).findFirst();
    }

    /**
     * Voters that each shard is to have: what it was placed with, or the replication factor once there are so many stores.
     */
    public int replicasWanted() {
        long serving = presentStores().stream()
                .filter(store -> store.intent() != Intent.DECOMMISSION)
                .count();
        return serving >= settings().replicationFactor()
                ? settings().replicationFactor()
                : settings().replicasPerShard();
    }

    /** Whether any shard has a replica on a disk. */
    public boolean hostsReplicas(StoreId id) {
        return shards.values().stream().anyMatch(shard -> shard.on(id).isPresent());
    }
}
