/**
 * The consensus engine as the rest of the product sees it: {@link dev.ashlar.raft.RaftHost} (one per process),
 * {@link dev.ashlar.raft.ReplicatedGroup} (one per shard replica) and {@link dev.ashlar.raft.StateMachine} (what the
 * group replicates). Nothing outside this module sees MicroRaft, the log or the transport.
 *
 * <p>{@code engine} runs the groups, {@code log} is the write-ahead log that all groups of a process share,
 * {@code transport} carries messages and snapshot files between processes, {@code wire} turns messages into bytes,
 * {@code state} is a state machine base on RocksDB.
 */
package dev.ashlar.raft;
