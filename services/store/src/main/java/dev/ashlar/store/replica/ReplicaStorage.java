package dev.ashlar.store.replica;

import java.io.IOException;
import java.nio.file.Path;

import dev.ashlar.raft.HostOptions;
import dev.ashlar.raft.RaftHost;
import dev.ashlar.raft.StateMachine;
import dev.ashlar.store.kv.KvReader;

/** What replicas are made of: the engine and the states. All of it blocks; never on an event loop. */
public interface ReplicaStorage extends AutoCloseable {
    /** A state and how it is read: two sides of one thing. */
    record State(StateMachine machine, KvReader reader) {}

    /** Opens the log and the peer port of this process. Once. */
    RaftHost openHost(HostOptions options) throws IOException;

    /** Opens the state of one replica, or creates it. Several may be opened at the same time, also while the host is opened. */
    State openState(Path directory) throws IOException;

    /** Deletes the state of a replica that does not run; nothing happens when there is none. */
    void deleteState(Path directory) throws IOException;

    /** After the host and every state have been closed. */
    @Override
    void close();
}
