package dev.ashlar.raft.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.ashlar.raft.HostOptions;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.RaftHost;
import dev.ashlar.raft.ReplicatedGroup;
import dev.ashlar.raft.SnapshotFiles;
import dev.ashlar.raft.StateMachine;
import dev.ashlar.raft.log.LogOptions;
import dev.ashlar.raft.log.SharedLog;
import dev.ashlar.raft.log.StoredGroup;
import dev.ashlar.raft.transport.PeerHandler;
import dev.ashlar.raft.transport.PeerTransport;
import dev.ashlar.raft.transport.TcpTransport;
import dev.ashlar.raft.wire.Codec;
import dev.ashlar.raft.wire.Envelope;
import dev.ashlar.raft.wire.Models;
import dev.ashlar.raft.wire.WireException;

/** The host on real disks, networks and threads. */
public final class MicroRaftHost implements RaftHost, PeerHandler {
    private static final Logger LOG = LoggerFactory.getLogger(MicroRaftHost.class);

    /** Segments the log may grow to before groups are asked to make their state durable. */
    private static final int LOG_SEGMENTS_TARGET = 8;

    private static final long HOUSEKEEPING_NANOS = 500_000_000;

    private final HostOptions options;
    private final Timing timing;
    private final Codec codec = new Codec(new Models());
    private final Map<Integer, StoredGroup> stored;
    private final Map<Integer, Long> replicas = new ConcurrentHashMap<>();
    private final Map<Integer, Group> running = new ConcurrentHashMap<>();
    private final SharedLog log;
    private final Syncer syncer;
    private final EngineThread thread = new EngineThread();
    private final PeerTransport transport;
    private final Engine engine;
    private final GroupFactory factory;

    private MicroRaftHost(Vertx vertx, HostOptions options, SharedLog log) throws IOException {
        this.options = options;
        this.timing = new Timing(options.heartbeatMs(), options.electionMs());
        this.log = log;
        this.stored = new HashMap<>(log.groups());
        stored.forEach((group, found) -> replicas.put(group, found.local().replicaId()));
        this.syncer = new SyncThread();
        // The handler is called only for groups that run, which is later.
        this.transport = TcpTransport.start(vertx, options, this);
        this.engine = new Engine(System::nanoTime, new Random(), log, syncer, transport, thread::wake);
        this.factory = new GroupFactory(
                engine,
                timing,
                codec,
                transport,
                new PayloadCache(options.cacheBytes()),
                options.dataDir().resolve("snapshots"),
                Timing.SNAPSHOT_EVERY_ENTRIES);
    }

    /**
     * Opens the log below the data directory, binds the peer port and starts the engine. No group runs yet.
     *
     * @throws IOException when the log is corrupt or of a newer format, or the port is taken; the message says what to do
     */
    public static MicroRaftHost open(Vertx vertx, HostOptions options) throws IOException {
        Path snapshots = options.dataDir().resolve("snapshots");
        SnapshotReceiver.deleteTree(snapshots);
        SharedLog log = SharedLog.open(
                options.dataDir().resolve("wal"),
                new LogOptions(
                        options.segmentBytes(), LOG_SEGMENTS_TARGET * options.segmentBytes(), options.minFreeBytes()));
        try {
            MicroRaftHost host = new MicroRaftHost(vertx, options, log);
            host.thread.start(host.engine);
            host.engine.post(host::housekeep);
            return host;
        } catch (IOException | RuntimeException e) {
            log.close();
            throw e;
        }
    }

    /** The port peers reach this process on. */
    public int peerPort() {
        return transport.port();
    }

    private void housekeep() {
        factory.housekeep();
        engine.schedule(timing.besideHeartbeat(engine.now(), HOUSEKEEPING_NANOS), this::housekeep);
    }

    @Override
    public Set<Integer> storedGroups() {
        return new TreeSet<>(replicas.keySet());
    }

    @Override
    public long storedReplica(int groupId) {
        return replicas.getOrDefault(groupId, 0L);
    }

    @Override
    public ReplicatedGroup start(
            int groupId, Member local, List<Member> voters, List<Member> learners, StateMachine stateMachine)
            throws IOException {
        if (!local.nodeId().equals(options.nodeId())) {
            throw new IllegalArgumentException(local + " is not a replica of this process, " + options.nodeId());
        }
        Group group = onEngine(() -> {
            StoredGroup found = stored.remove(groupId);
            if (found != null && !found.local().equals(local)) {
                // An older replica of the group, which was to be destroyed: a crash came first.
                log.removeGroup(groupId);
                found = null;
            }
            return found == null
                    ? factory.create(groupId, local, voters, learners, stateMachine)
                    : factory.restore(groupId, found, stateMachine);
        });
        replicas.put(groupId, local.replicaId());
        running.put(groupId, group);
        return group;
    }

    @Override
    public CompletableFuture<Void> stop(int groupId) {
        return end(groupId, false);
    }

    @Override
    public CompletableFuture<Void> destroy(int groupId) {
        replicas.remove(groupId);
        return end(groupId, true);
    }

    private CompletableFuture<Void> end(int groupId, boolean forget) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Group group = running.remove(groupId);
        engine.post(() -> {
            if (group == null) {
                if (forget) {
                    forget(groupId);
                }
                done.complete(null);
                return;
            }
            factory.terminate(group).whenComplete((ok, error) -> {
                if (forget) {
                    // Not before: MicroRaft writes the term once more when it ends, and tells clients after that.
                    forget(groupId);
                }
                try {
                    group.state().close();
                    done.complete(null);
                } catch (IOException e) {
                    done.completeExceptionally(e);
                }
            });
        });
        return done;
    }

    private void forget(int groupId) {
        log.removeGroup(groupId);
        stored.remove(groupId);
    }

    @Override
    public void raiseIncarnation(long incarnation) {
        transport.raiseIncarnation(incarnation);
    }

    @Override
    public boolean diskFull() {
        return log.full() || engine.blocked();
    }

    @Override
    public String fault() {
        return engine.fault();
    }

    /** Milliseconds since the engine last finished a turn; it takes one at least every housekeeping period. */
    public long engineSilenceMs() {
        return (System.nanoTime() - engine.lastTurnNanos()) / 1_000_000;
    }

    /** Bytes of log segments on the disk. */
    public long logBytes() {
        return log.bytesOnDisk();
    }

    @Override
    public void onFrame(String fromNodeId, byte[] frame) {
        try {
            Envelope envelope = Codec.envelope(frame);
            Group group = running.get(envelope.group());
            if (group != null && !engine.blocked()) {
                var message = codec.decode(fromNodeId, frame);
                engine.post(() -> group.receive(envelope, message));
            }
        } catch (WireException e) {
            LOG.warn(
                    "a frame of {} bytes from {} is malformed and dropped: {}",
                    frame.length,
                    fromNodeId,
                    e.getMessage());
        }
    }

    @Override
    public void onReachable(String nodeId) {
        if (!running.isEmpty()) {
            engine.post(() -> engine.groups().forEach(group -> group.reachable(nodeId)));
        }
    }

    @Override
    public SnapshotFiles openSnapshot(int groupId) throws IOException {
        Group group = running.get(groupId);
        if (group == null) {
            throw new IOException("no replica of group " + groupId + " runs here");
        }
        return group.state().snapshot();
    }

    @Override
    public void close() throws IOException {
        List<CompletableFuture<Void>> stops = new ArrayList<>();
        for (Integer group : List.copyOf(running.keySet())) {
            stops.add(stop(group));
        }
        IOException failure = null;
        try {
            if (engine.fault().isEmpty()) {
                CompletableFuture.allOf(stops.toArray(CompletableFuture[]::new)).get();
            }
            thread.stop();
        } catch (ExecutionException e) {
            failure = new IOException(
                    "a state machine did not close: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = new IOException("interrupted while closing", e);
        }
        transport.close();
        syncer.close();
        log.close();
        if (failure != null) {
            throw failure;
        }
    }

    private <T> T onEngine(IoSupplier<T> task) throws IOException {
        CompletableFuture<T> done = new CompletableFuture<>();
        engine.post(() -> {
            try {
                done.complete(task.get());
            } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
            }
        });
        if (!engine.fault().isEmpty()) {
            throw new IOException("the engine has stopped: " + engine.fault());
        }
        try {
            return done.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private interface IoSupplier<T> {
        T get() throws IOException;
    }
}
