/**
 * The coordinators' own Raft group: commands as bytes, the state machine that keeps the replicated state in RocksDB, and
 * {@link dev.ashlar.coordinator.group.ClusterGroup}, through which the rest proposes and reads.
 *
 * <p>What a command means is decided by {@code state.Transition} alone.
 */
package dev.ashlar.coordinator.group;
