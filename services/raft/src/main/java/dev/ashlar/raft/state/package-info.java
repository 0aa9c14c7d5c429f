/**
 * A state machine base on RocksDB: {@link dev.ashlar.raft.state.RocksStateMachine}, one database per replica, and
 * {@link dev.ashlar.raft.state.RocksResources}, the memory and the threads that all databases of a process share.
 * {@link dev.ashlar.raft.state.StateDatabase} beneath makes every native call on the database of a replica.
 *
 * <p>The store (one instance per shard replica) and the coordinator (one) extend it; the engine drives it. RocksDB's own
 * log is off: the Raft log is the log, and what is applied goes in one write together with its index, so a crash takes
 * the state back to an earlier index, never to a torn one.
 *
 * <p>It never decides what a command means, and no other package of the product calls RocksDB to write.
 */
package dev.ashlar.raft.state;
