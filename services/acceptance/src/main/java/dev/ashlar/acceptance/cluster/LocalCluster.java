package dev.ashlar.acceptance.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import dev.ashlar.common.cluster.ClusterView;
import dev.ashlar.common.cluster.ShardInfo;

/**
 * Stores and coordinators as processes.
 *
 * <ol>
 *   <li>{@link #start} starts all and returns when every store says that every shard has a leader, and every coordinator
 *       answers with what theirs knows.
 *   <li>A wait that fails throws with what the stores said last and the end of each log.
 *   <li>{@link #close} kills all processes and deletes the data; the logs stay in {@code target/acceptance-logs}, and it
 *       throws when one of them has what no run may bring about ({@link LogCheck}).
 * </ol>
 *
 * <p>Used by one thread; {@link #view} may be called from any.
 */
public final class LocalCluster implements AutoCloseable {
    /** Generous: a loaded machine is slow, and no test fails for that. */
    public static final Duration WAIT_MAX = Duration.ofSeconds(120);

    private static final Duration LOOK_EVERY = Duration.ofMillis(200);

    private final ClusterSize size;
    private final Path data;
    private final List<ServerProcess> processes;
    private final ClusterQuestions questions;

    private LocalCluster(ClusterSize size, Path data, List<ServerProcess> processes, Settings settings) {
        this.size = size;
        this.data = data;
        this.processes = processes;
        this.questions = new ClusterQuestions(settings);
    }

    /** Starts a cluster; {@code name} is the directory of its logs. */
    public static LocalCluster start(String name, ClusterSize size) {
        return start(name, size, Settings.DEFAULT);
    }

    /** Starts a cluster whose processes have settings of their own. */
    public static LocalCluster start(String name, ClusterSize size, Settings settings) {
        try {
            return start(name, size, Files.createTempDirectory("ashlar-" + name + "-"), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static LocalCluster start(String name, ClusterSize size, Path data, Settings settings) {
        LocalCluster cluster = create(name, size, data, settings);
        // A test that is interrupted leaves no processes behind.
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(cluster::killAll));
        try {
            cluster.processes.forEach(ServerProcess::start);
            cluster.awaitLeaders();
            // Native stores are ready before the last coordinator has found its group.
            cluster.await("every coordinator to know their leader", () -> cluster.coordinators().stream()
                    .allMatch(cluster::knowsLeader));
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.killAll();
            cluster.deleteData();
            throw e;
        }
    }

    private static LocalCluster create(String name, ClusterSize size, Path data, Settings settings) {
        try {
            Path logs = Path.of("target", "acceptance-logs", name).toAbsolutePath();
            deleteTree(logs);
            Files.createDirectories(logs);
            return new LocalCluster(size, data, ProcessPlan.of(size, data, logs, settings), settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the sources, scripts and manifests are. */
    public static Path home() {
        return RepositoryHome.find();
    }

    public ClusterSize size() {
        return size;
    }

    /** All processes, coordinators first. */
    public List<ServerProcess> processes() {
        return processes;
    }

    public List<ServerProcess> stores() {
        return processes.stream().filter(ServerProcess::isStore).toList();
    }

    /** The stores that can answer now. */
    public List<ServerProcess> runningStores() {
        return processes.stream().filter(p -> p.isStore() && p.isRunning()).toList();
    }

    public List<ServerProcess> coordinators() {
        return processes.stream().filter(p -> !p.isStore()).toList();
    }

    /** What {@code GET /v1/cluster} of a process says; empty when it does not answer. */
    public Optional<ClusterView> view(ServerProcess process) {
        return questions.view(process);
    }

    /** Waits until every running store says that every shard has a leader, and the coordinators have one. */
    public void awaitLeaders() {
        await("a leader for each of " + size.shards() + " shards and of the coordinators", this::hasLeaders);
    }

    /** Waits until a process that was started again has caught up and says that it is ready. */
    public void awaitReady(ServerProcess process) {
        await(process.name() + " to be ready", () -> questions.isReady(process));
    }

    /** Waits until all stores run and tell the same revision of every shard. Only without load. */
    public void awaitReplicasAgree() {
        await(
                "equal revisions on all stores",
                () -> revisionsSeen().size() == 1 && runningStores().size() == size.stores());
    }

    /** Waits for a condition of the cluster; when it fails the message says what was seen, with the ends of the logs. */
    public void await(String what, BooleanSupplier condition) {
        try {
            Awaitility.await(what)
                    .atMost(WAIT_MAX)
                    .pollInterval(LOOK_EVERY)
                    .pollDelay(Duration.ZERO)
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("waited " + WAIT_MAX.toSeconds() + " s for " + what + "\n" + describe(), e);
        }
    }

    /** Deletes the data of a process that does not run: its disk is lost. */
    public void loseDisk(ServerProcess process) {
        if (process.isAlive()) {
            throw new IllegalStateException(process.name() + " still runs");
        }
        try {
            deleteTree(data.resolve(process.name()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the coordinators say that every shard has all its replicas, all of them voters and caught up. */
    public void awaitFullStrength() {
        await("every shard at full strength", this::isAtFullStrength);
    }

    private boolean isAtFullStrength() {
        return coordinators().stream()
                .filter(ServerProcess::isRunning)
                .flatMap(coordinator -> view(coordinator).stream())
                .filter(ClusterView::authoritative)
                .anyMatch(view -> view.problems().isEmpty()
                        && view.shards().size() == size.shards()
                        && view.shards().stream().allMatch(this::isAtFullStrength));
    }

    private boolean isAtFullStrength(ShardInfo shard) {
        return shard.replicas().size() == Math.min(ProcessPlan.REPLICAS_MAX, size.stores())
                && shard.leaderReplica() != 0
                && shard.replicas().stream().allMatch(replica -> replica.kind().equals("voter"));
    }

    private boolean hasLeaders() {
        return runningStores().stream().allMatch(store -> view(store)
                        .filter(view -> view.shards().size() == size.shards()
                                && view.shards().stream().allMatch(shard -> shard.leaderReplica() != 0))
                        .isPresent())
                && coordinators().stream().anyMatch(coordinator -> coordinator.isRunning() && knowsLeader(coordinator));
    }

    private boolean knowsLeader(ServerProcess coordinator) {
        return view(coordinator).filter(ClusterView::authoritative).isPresent();
    }

    private Set<List<Long>> revisionsSeen() {
        Set<List<Long>> seen = new HashSet<>();
        for (ServerProcess store : runningStores()) {
            seen.add(view(store)
                    .map(view -> view.shards().stream()
                            .sorted(Comparator.comparingInt(ShardInfo::shard))
                            .map(ShardInfo::revision)
                            .toList())
                    .orElse(List.of()));
        }
        return seen;
    }

    /** What every process says of itself, with the ends of the logs. */
    public String describe() {
        return processes.stream().map(this::describe).collect(Collectors.joining("\n"));
    }

    private String describe(ServerProcess process) {
        String state = process.isRunning() ? "runs" : process.isAlive() ? "is frozen" : "is dead";
        String shards = view(process)
                .map(view -> view.health() + " " + view.problems() + " shard:leader@revision "
                        + view.shards().stream()
                                .map(s -> s.shard() + ":" + s.leaderReplica() + "@" + s.revision())
                                .collect(Collectors.joining(" ")))
                .orElse("does not answer");
        return "== " + process.name() + " " + state + ", " + shards + "\n" + process.logTail();
    }

    private void killAll() {
        processes.forEach(ServerProcess::kill);
    }

    /** The data directory of a process, for tests that break it. */
    public Path data(ServerProcess process) {
        return data.resolve(process.name());
    }

    @Override
    public void close() {
        killAll();
        deleteData();
        LogCheck.check(processes.stream().map(ServerProcess::log).toList());
    }

    private void deleteData() {
        try {
            deleteTree(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> paths = Files.walk(root)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }
}
