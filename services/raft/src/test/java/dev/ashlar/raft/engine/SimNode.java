package dev.ashlar.raft.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.ashlar.raft.Member;
import dev.ashlar.raft.log.LogCrash;
import dev.ashlar.raft.log.LogOptions;
import dev.ashlar.raft.log.PendingSync;
import dev.ashlar.raft.log.SharedLog;
import dev.ashlar.raft.log.StoredGroup;
import dev.ashlar.raft.transport.PeerTransport;
import dev.ashlar.raft.transport.TransportStats;
import dev.ashlar.raft.wire.Codec;
import dev.ashlar.raft.wire.Envelope;
import dev.ashlar.raft.wire.Models;

/** A process of a simulated cluster: the real engine, log and codec; simulated clock, network, disk latency and state. */
final class SimNode {
    private static final LogOptions LOG_OPTIONS = new LogOptions(64 << 10, 8 * (64 << 10), 0);

    final String id;
    private final SimCluster cluster;
    private final SimWorld world;
    private final Path directory;
    private final Map<Integer, SimState> states = new HashMap<>();
    private final List<Runnable> whilePaused = new ArrayList<>();
    private Optional<Process> process = Optional.empty();
    private boolean paused;

    SimNode(String id, SimCluster cluster, Path directory) {
        this.id = id;
        this.cluster = cluster;
        this.world = cluster.world;
        this.directory = directory;
    }

    boolean isUp() {
        return process.isPresent();
    }

    boolean isPaused() {
        return paused;
    }

    Group group(int group) {
        return process.orElseThrow().groups.get(group);
    }

    SimState state(int group) {
        return states.get(group);
    }

    /** Starts the process: every group of the cluster, new or from the log. */
    void start() {
        try {
            process = Optional.of(new Process());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** kill -9: what was not written is gone, what was not flushed in the state is gone. */
    void kill() {
        process.ifPresent(Process::die);
        process = Optional.empty();
        paused = false;
        whilePaused.clear();
    }

    /** The disk forgets what was written to the log so far. */
    void spoilLog() throws IOException {
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(directory.resolve("wal"), "*.wal")) {
            for (Path segment : segments) {
                Files.write(segment, new byte[(int) Files.size(segment)], StandardOpenOption.WRITE);
            }
        }
    }

    /** SIGSTOP. */
    void pause() {
        paused = true;
    }

    /** SIGCONT: everything that came meanwhile happens now. */
    void resume() {
        paused = false;
        List<Runnable> waiting = List.copyOf(whilePaused);
        whilePaused.clear();
        waiting.forEach(Runnable::run);
    }

    private final class Process implements PeerTransport, Syncer {
        private final Codec codec = new Codec(new Models());
        private final SharedLog log;
        private final Engine engine;
        private final GroupFactory factory;
        private final Map<Integer, Group> groups = new HashMap<>();
        private final double clockRate = cluster.clockRate();
        private final long bootNanos = world.now();
        private boolean dead;
        private long wakeAt = Long.MAX_VALUE;

        Process() throws IOException {
            Files.createDirectories(directory);
            log = LogCrash.openWithoutSync(directory.resolve("wal"), LOG_OPTIONS);
            Map<Integer, StoredGroup> stored = log.groups();
            engine = new Engine(this::clock, new Random(world.random.nextLong()), log, this, this, () -> {});
            factory = new GroupFactory(
                    engine,
                    cluster.timing,
                    codec,
                    this,
                    // Every other node keeps nothing in memory: what it sends and applies it reads from the log again.
                    new PayloadCache((id.charAt(id.length() - 1) & 1) == 0 ? 0 : 8 << 10),
                    directory.resolve("snapshots"),
                    cluster.snapshotEvery);
            for (int group = 0; group < cluster.groupCount; group++) {
                SimState old = states.get(group);
                int number = group;
                SimState state =
                        old == null ? new SimState(() -> flushLater(number)) : old.crashed(() -> flushLater(number));
                states.put(group, state);
                StoredGroup found = stored.get(group);
                groups.put(
                        group,
                        found == null
                                ? factory.create(group, cluster.member(id), cluster.members(), List.of(), state)
                                : factory.restore(group, found, state));
            }
            engine.post(this::housekeep);
            turns();
        }

        private long clock() {
            return bootNanos + (long) ((world.now() - bootNanos) * clockRate);
        }

        private void flushLater(int group) {
            world.at(5_000_000 + world.random.nextLong(200_000_000), () -> {
                if (!dead) {
                    states.get(group).flush();
                }
            });
        }

        private void housekeep() {
            factory.housekeep();
            engine.schedule(500_000_000, this::housekeep);
        }

        private void die() {
            dead = true;
            LogCrash.crash(log);
        }

        /** Runs when not paused; else later. */
        private void happens(Runnable action) {
            if (dead) {
                return;
            }
            if (paused) {
                whilePaused.add(() -> happens(action));
                return;
            }
            action.run();
            turns();
        }

        private void turns() {
            long next = 0;
            while (next == 0 && !dead) {
                next = engine.turn();
                cluster.check();
            }
            if (!engine.fault().isEmpty()) {
                throw new AssertionError(id + " stopped: " + engine.fault());
            }
            groups.values().forEach(group -> {
                if (!group.fault().isEmpty() && !state(group.id()).everDamaged()) {
                    throw new AssertionError(id + " stopped group " + group.id() + ": " + group.fault());
                }
            });
            long delay = (long) Math.ceil(next / clockRate);
            if (next != Long.MAX_VALUE && (world.now() + delay < wakeAt || wakeAt <= world.now())) {
                wakeAt = world.now() + delay;
                world.at(delay, () -> happens(() -> {}));
            }
        }

        void submitted() {
            world.at(0, () -> happens(() -> {}));
        }

        // ---- Syncer

        @Override
        public void start(PendingSync sync, Consumer<Optional<IOException>> done) {
            long delay = 200_000 + world.random.nextLong(world.random.nextInt(20) == 0 ? 60_000_000 : 4_000_000);
            if (cluster.lyingDisk) {
                world.at(1, () -> happens(() -> done.accept(Optional.empty())));
            }
            world.at(delay, () -> {
                if (dead) {
                    return;
                }
                try {
                    sync.run();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                if (!cluster.lyingDisk) {
                    happens(() -> done.accept(Optional.empty()));
                }
            });
        }

        // ---- PeerTransport

        @Override
        public int port() {
            return 0;
        }

        @Override
        public void raiseIncarnation(long incarnation) {}

        @Override
        public void reach(String nodeId) {
            world.deliver(id, nodeId, () -> cluster.node(nodeId).process.ifPresent(peer -> peer.reachable(id)));
        }

        private void reachable(String nodeId) {
            happens(() -> engine.post(() -> groups.values().forEach(group -> group.reachable(nodeId))));
        }

        @Override
        public void send(String nodeId, byte[] frame) {
            SimNode to = cluster.node(nodeId);
            world.deliver(id, nodeId, () -> to.process.ifPresent(p -> p.arrived(id, frame)));
        }

        private void arrived(String from, byte[] frame) {
            happens(() -> {
                Envelope envelope = Codec.envelope(frame);
                Group group = groups.get(envelope.group());
                var message = codec.decode(from, frame);
                engine.post(() -> group.receive(envelope, message));
            });
        }

        @Override
        public void flush() {}

        @Override
        public boolean isReachable(String nodeId) {
            return cluster.node(nodeId).isUp() && world.isOpen(id, nodeId) && world.isOpen(nodeId, id);
        }

        @Override
        public CompletableFuture<Long> fetchSnapshot(String nodeId, int groupId, Path into) {
            CompletableFuture<Long> done = new CompletableFuture<>();
            world.at(
                    10_000_000 + world.random.nextLong(200_000_000),
                    () -> happens(() -> {
                        if (!isReachable(nodeId)) {
                            done.completeExceptionally(new IOException("unreachable"));
                            return;
                        }
                        SimState theirs = cluster.node(nodeId).states.get(groupId);
                        try {
                            theirs.writeTo(into);
                            done.complete(theirs.appliedIndex());
                        } catch (IOException e) {
                            done.completeExceptionally(e);
                        }
                    }));
            return done;
        }

        @Override
        public TransportStats stats() {
            throw new UnsupportedOperationException("nobody asks a simulation");
        }

        @Override
        public void close() {}
    }

    /** Submits and lets the engine notice. */
    void submit(int group, SimCommand command) {
        Process p = process.orElseThrow();
        p.groups.get(group).submit(command);
        p.submitted();
    }

    CompletableFuture<Void> transfer(int group, Member target) {
        Process p = process.orElseThrow();
        CompletableFuture<Void> done = p.groups.get(group).transferLeadership(target);
        p.submitted();
        return done;
    }
}
