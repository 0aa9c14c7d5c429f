package dev.ashlar.store.replica;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import dev.ashlar.common.cluster.ReplicaCheck;
import dev.ashlar.raft.HostOptions;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.RaftHost;
import dev.ashlar.raft.ReplicatedGroup;
import dev.ashlar.raft.state.StateDamagedException;

/**
 * The replicas of this process. {@link #of} may be called from any thread; everything that starts, stops or deletes a
 * replica blocks, is serialized here and belongs on the membership threads.
 *
 * <ol>
 *   <li>A replica lives below {@code shards/<shard>-<replica>/}. The log is what says that it exists: a directory the log
 *       does not know is what an interrupted creation or deletion left behind, and is deleted.
 *   <li>Creating a replica that runs, and destroying one that does not exist, is done at once.
 *   <li>A replica that cannot be opened does not stop the others: it is reported as a problem, and as damage when its files are
 *       not what was written.
 * </ol>
 */
@Singleton
public class Replicas {
    private static final Logger LOG = Logger.getLogger(Replicas.class);
    private static final long STOP_TIMEOUT_MS = 30_000;

    private final Map<Integer, String> problems = new ConcurrentHashMap<>();
    private final Map<Integer, String> unopened = new ConcurrentHashMap<>();
    private final Map<Integer, ReplicaCheck> verified = new ConcurrentHashMap<>();
    private volatile Replica[] byShard = {};
    private volatile RaftHost host;
    private volatile String nodeId = "";
    private ReplicaStorage storage;
    private Path directory;

    /** The local replica of a shard, or null: every request asks for it. */
    public Replica of(int shard) {
        Replica[] all = byShard;
        return shard < all.length ? all[shard] : null;
    }

    /** Every replica that runs. */
    public List<Replica> all() {
        return Arrays.stream(byShard).filter(Objects::nonNull).toList();
    }

    /** Whether the host runs. */
    public boolean open() {
        return host != null;
    }

    /** This node, {@code name.diskid}; empty before {@link #start}. */
    public String nodeId() {
        return nodeId;
    }

    /** Whether writes are refused since the disk is full. */
    public boolean diskFull() {
        RaftHost running = host;
        return running != null && running.diskFull();
    }

    /** A coordinator has given this process its own incarnation: peers are to see it (S5). */
    public void raiseIncarnation(long incarnation) {
        RaftHost running = host;
        if (running != null) {
            running.raiseIncarnation(incarnation);
        }
    }

    /** Why the engine stopped, or an empty string. */
    public String fault() {
        RaftHost running = host;
        return running == null ? "" : running.fault();
    }

    /** Replicas that could not be started, by shard, with the reason. */
    public Map<Integer, String> problems() {
        return Map.copyOf(problems);
    }

    /** Notes the outcome of a verification. */
    public void verified(ReplicaCheck check) {
        verified.put(check.shard(), check);
    }

    /** What is known of the integrity of every replica here, the ones that could not be opened included. */
    public List<ReplicaCheck> checks() {
        List<ReplicaCheck> checks = new ArrayList<>();
        for (Replica replica : all()) {
            ReplicaCheck last = verified.get(replica.shard());
            boolean known = last != null && last.replica() == replica.local().replicaId();
            checks.add(new ReplicaCheck(
                    replica.shard(),
                    replica.local().replicaId(),
                    known ? last.index() : 0,
                    known ? last.revision() : 0,
                    known ? last.checksum() : "",
                    replica.damage()));
        }
        RaftHost running = host;
        if (running != null) {
            unopened.forEach((shard, damage) ->
                    checks.add(new ReplicaCheck(shard, running.storedReplica(shard), 0, 0, "", damage)));
        }
        return checks;
    }

    /** Shards whose replica here is damaged, with what is wrong. */
    public Map<Integer, String> damaged() {
        Map<Integer, String> damaged = new TreeMap<>();
        for (ReplicaCheck check : checks()) {
            if (!check.damage().isEmpty()) {
                damaged.put(check.shard(), check.damage());
            }
        }
        return damaged;
    }

    /** Opens the host and starts every replica that the log holds. */
    public synchronized void start(ReplicaStorage storageToUse, HostOptions options) throws IOException {
        storage = storageToUse;
        nodeId = options.nodeId();
        directory = options.dataDir().resolve("shards");
        Files.createDirectories(directory);
        List<Path> found = replicaDirectories();
        try (StateOpenings states = new StateOpenings(storage, found)) {
            RaftHost opened = storage.openHost(options);
            host = opened;
            for (int shard : opened.storedGroups()) {
                startStored(opened, shard, states);
            }
        }
        deleteLeftovers(found);
    }

    private void startStored(RaftHost opened, int shard, StateOpenings states) {
        long replica = opened.storedReplica(shard);
        try {
            run(opened, shard, replica, List.of(), List.of(), states.take(path(shard, replica)));
        } catch (IOException unusable) {
            problems.put(shard, String.valueOf(unusable.getMessage()));
            if (unusable instanceof StateDamagedException) {
                unopened.put(shard, String.valueOf(unusable.getMessage()));
            }
            LOG.errorf("shard %d: the replica cannot be started: %s", shard, unusable.getMessage());
        }
    }

    /** Makes a new replica run here, with this initial membership. */
    public synchronized void create(int shard, Member local, List<Member> voters, List<Member> learners)
            throws IOException {
        RaftHost running = running();
        Replica there = of(shard);
        if (there != null && there.local().equals(local)) {
            return;
        }
        long stored = running.storedReplica(shard);
        if (there == null && unopened.containsKey(shard) && stored < local.replicaId()) {
            // The map gives this store a newer number, so the damaged replica is no member any more.
            discard(running, shard, stored);
            stored = 0;
        }
        if (there != null || (stored != 0 && stored != local.replicaId())) {
            throw new IOException("replica " + stored + " of shard " + shard + " is still here");
        }
        if (stored == 0) {
            storage.deleteState(path(shard, local.replicaId()));
        }
        run(running, shard, local.replicaId(), voters, learners, storage.openState(path(shard, local.replicaId())));
        problems.remove(shard);
        unopened.remove(shard);
    }

    /** Stops a replica and deletes all of it. */
    public synchronized void destroy(int shard, long replica) throws IOException {
        RaftHost running = running();
        if (running.storedReplica(shard) != replica) {
            return;
        }
        put(shard, null);
        discard(running, shard, replica);
    }

    private void discard(RaftHost on, int shard, long replica) throws IOException {
        try {
            on.destroy(shard).get(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new IOException("the store is stopping", stopping);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("replica " + replica + " of shard " + shard + " does not stop: " + e, e);
        }
        storage.deleteState(path(shard, replica));
        problems.remove(shard);
        unopened.remove(shard);
    }

    /** Stops all of them, flushes and closes. */
    public synchronized void close() throws IOException {
        RaftHost running = host;
        if (running == null) {
            return;
        }
        byShard = new Replica[0];
        host = null;
        try {
            running.close();
        } finally {
            storage.close();
        }
    }

    private RaftHost running() throws IOException {
        if (host == null) {
            throw new IOException("the store is stopping");
        }
        return host;
    }

    private void run(
            RaftHost on,
            int shard,
            long replica,
            List<Member> voters,
            List<Member> learners,
            ReplicaStorage.State state)
            throws IOException {
        Member local = new Member(nodeId, replica);
        ReplicatedGroup group;
        try {
            group = on.start(shard, local, voters, learners, state.machine());
        } catch (IOException | RuntimeException failed) {
            state.machine().close();
            throw failed;
        }
        put(shard, new Replica(shard, local, group, state.reader()));
    }

    private void put(int shard, Replica replica) {
        Replica[] copy = Arrays.copyOf(byShard, Math.max(byShard.length, shard + 1));
        copy[shard] = replica;
        byShard = copy;
    }

    private Path path(int shard, long replica) {
        return directory.resolve(shard + "-" + replica);
    }

    private List<Path> replicaDirectories() throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory, "*-*")) {
            for (Path path : paths) {
                if (path.getFileName().toString().matches("\\d{1,4}-\\d{1,18}")) {
                    found.add(path);
                }
            }
        }
        return found;
    }

    /** Of the directories that were there at the start, those of replicas that the log does not know; else the next start does. */
    private void deleteLeftovers(List<Path> found) throws IOException {
        for (Path path : found) {
            String name = path.getFileName().toString();
            int dash = name.indexOf('-');
            long replica = Long.parseLong(name.substring(dash + 1));
            if (running().storedReplica(Integer.parseInt(name.substring(0, dash))) != replica) {
                LOG.infof("deleting %s: the log does not know this replica", path);
                try {
                    storage.deleteState(path);
                } catch (IOException kept) {
                    LOG.warnf("%s takes room and cannot be deleted: %s", path, kept.getMessage());
                }
            }
        }
    }
}
