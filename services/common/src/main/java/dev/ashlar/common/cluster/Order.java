package dev.ashlar.common.cluster;

import java.util.List;

/** Something a store shall do; it answers with an {@link OrderResult} of the same id, and doing an order twice is harmless. {@code type} is create_replica, destroy_replica, add_learner, promote, remove, transfer_leader; {@code target} is the replica it is about, {@code members} the initial membership for create_replica. */
public record Order(long id, String type, int shard, ReplicaInfo target, List<ReplicaInfo> members) {}
