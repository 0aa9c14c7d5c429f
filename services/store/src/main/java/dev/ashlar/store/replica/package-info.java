/**
 * The replicas that this store hosts: the Raft host of the process, one group and one state per shard, where each lives on
 * disk, and what they look like to a coordinator.
 *
 * <p>{@code membership} starts and changes them as it is ordered to; {@code http}, {@code scan} and {@code expiry} look them
 * up in {@link dev.ashlar.store.replica.Replicas}, which costs one volatile read. Nothing here decides on placement.
 */
package dev.ashlar.store.replica;
