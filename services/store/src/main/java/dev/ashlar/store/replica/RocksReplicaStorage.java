package dev.ashlar.store.replica;

import java.io.IOException;
import java.nio.file.Path;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.vertx.core.Vertx;

import dev.ashlar.raft.HostOptions;
import dev.ashlar.raft.RaftHost;
import dev.ashlar.raft.engine.MicroRaftHost;
import dev.ashlar.raft.state.RocksResources;
import dev.ashlar.raft.state.RocksStateMachine;
import dev.ashlar.store.boot.StoreMemory;
import dev.ashlar.store.kv.KvStateMachine;
import dev.ashlar.store.kv.RecentMetas;

/** Replicas on RocksDB, replicated by MicroRaft. The memory of all databases is made with the host and lives as long. */
@Singleton
public class RocksReplicaStorage implements ReplicaStorage {
    private final Vertx vertx;
    private final StoreMemory memory;
    private final RecentMetas recent = new RecentMetas();
    private RocksResources resources;

    @Inject
    RocksReplicaStorage(Vertx vertx, StoreMemory memory) {
        this.vertx = vertx;
        this.memory = memory;
    }

    @Override
    public RaftHost openHost(HostOptions options) throws IOException {
        return MicroRaftHost.open(vertx, options);
    }

    @Override
    public State openState(Path directory) throws IOException {
        KvStateMachine machine = KvStateMachine.open(resources(), recent, directory);
        return new State(machine, machine);
    }

    private synchronized RocksResources resources() {
        if (resources == null) {
            resources = new RocksResources(RocksResources.Budget.of(memory.blockCacheBytes(), memory.memtableBytes()));
        }
        return resources;
    }

    @Override
    public void deleteState(Path directory) throws IOException {
        RocksStateMachine.deleteState(directory);
    }

    @Override
    public synchronized void close() {
        if (resources != null) {
            resources.close();
            resources = null;
        }
    }
}
