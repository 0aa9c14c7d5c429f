package dev.ashlar.coordinator.boot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.Quarkus;
import io.vertx.core.Vertx;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import dev.ashlar.access.Access;
import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.BootstrapStatus;
import dev.ashlar.common.disk.DataDirectory;
import dev.ashlar.common.disk.StartRefusedException;
import dev.ashlar.coordinator.bootstrap.Answer;
import dev.ashlar.coordinator.bootstrap.Bootstrap;
import dev.ashlar.coordinator.bootstrap.Discovery;
import dev.ashlar.coordinator.bootstrap.Formation;
import dev.ashlar.coordinator.bootstrap.FormationFile;
import dev.ashlar.coordinator.bootstrap.GroupMembers;
import dev.ashlar.coordinator.bootstrap.Peers;
import dev.ashlar.coordinator.control.Control;
import dev.ashlar.coordinator.group.ClusterGroup;

/**
 * The life of the process.
 *
 * <ol>
 *   <li>Check the configuration, open the data directory.
 *   <li>With a formation on the disk, or as soon as {@link Bootstrap} finds one: keep it, open the log, start the replica.
 *   <li>From then on tick the control loop, and ask the other coordinators for their addresses now and then.
 *   <li>On a fault of the engine: say so and end with a code of its own. On a stop: hand the leadership over and close.
 * </ol>
 *
 * <p>One thread of its own does all of it; the other methods may be called from any.
 */
@ApplicationScoped
public class CoordinatorNode {
    private static final Logger LOG = Logger.getLogger(CoordinatorNode.class);
    private static final int EXIT_STOPPED = 3;
    private static final long TICK_MS = 500;
    private static final long ASK_TIMEOUT_MS = 10_000;
    private static final long ASK_EVERY_MS = 5_000;
    private static final long ASK_URGENTLY_EVERY_MS = 1_000;
    private static final long STOP_WAIT_MS = 2_000;
    /** How long a change of the group's members may take before it is decided anew. */
    private static final long MEMBER_CHANGE_MS = 20_000;

    /** Without an answer for so long a coordinator counts as silent. */
    private static final long SILENT_AFTER_MS = 12_000;

    /** What runs once the group is formed. */
    public record Running(Formation formation, ClusterGroup group, Control control) {}

    private final CoordinatorConfig config;
    private final int httpPort;
    private final Vertx vertx;
    private final ObjectMapper json;
    private final Access access;
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("coordinator").factory());
    private volatile DataDirectory directory;
    private volatile Peers peers;
    private volatile Running running;
    private volatile int exitCode;
    private volatile String waitingFor = "starting";
    private FormationFile file;
    private volatile FormationFile.Content content;
    private Bootstrap.Decision lastDecision = new Bootstrap.Decision.Wait("");
    private volatile List<Answer> lastAnswers = List.of();
    private CompletableFuture<Void> memberChange = CompletableFuture.completedFuture(null);
    private long nextAskMs;

    @Inject
    CoordinatorNode(
            CoordinatorConfig config,
            @ConfigProperty(name = "quarkus.http.port") int httpPort,
            Vertx vertx,
            ObjectMapper json,
            Access access) {
        this.config = config;
        this.httpPort = httpPort;
        this.vertx = vertx;
        this.json = json;
        this.access = access;
    }

    /**
     * Starts; returns when the data directory is open.
     *
     * @throws StartRefusedException when the configuration or the data directory cannot be used
     */
    public void start() {
        ConfigCheck.check(config);
        access.check();
        directory = DataDirectory.open(Path.of(config.dataDir()));
        file = new FormationFile(directory.path());
        try {
            content = file.read();
            // A clock at the start makes it higher than that of a lost disk of the same name, too.
            content = content.withIncarnation(Math.max(content.incarnation() + 1, System.currentTimeMillis()));
            file.write(content);
        } catch (IOException e) {
            directory.close();
            throw new StartRefusedException(e.getMessage());
        }
        peers = new Peers(vertx, new Discovery(vertx, config.coordinators()), json, access);
        LOG.infof("coordinator %s, data in %s", self(), directory.path());
        var unused = loop.scheduleWithFixedDelay(this::turn, 0, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /** Stops in order; at most a few seconds. */
    public void stop() {
        loop.shutdown();
        try {
            if (!loop.awaitTermination(STOP_WAIT_MS, TimeUnit.MILLISECONDS)) {
                loop.shutdownNow();
            }
            if (running != null) {
                running.group().close();
            }
            LOG.info("stopped");
        } catch (IOException e) {
            LOG.errorf("the log was not closed cleanly, it will be replayed: %s", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (directory != null) {
            directory.close();
        }
    }

    /** 0 after an ordinary stop. */
    public int exitCode() {
        return exitCode;
    }

    /** What runs, empty while the group is not formed. */
    public Optional<Running> running() {
        return Optional.ofNullable(running);
    }

    /** Why nothing runs yet, in words. */
    public String waitingFor() {
        return waitingFor;
    }

    public String name() {
        return config.name();
    }

    /**
     * What this process says of itself; empty before it is known. The group it belongs to is told as soon as it is read, long
     * before it runs: a coordinator with state must never say that it has none, or the others form another group.
     */
    public Optional<BootstrapStatus> status() {
        DataDirectory open = directory;
        FormationFile.Content known = content;
        if (open == null || known == null) {
            return Optional.empty();
        }
        Optional<Formation> formation = known.formation();
        return Optional.of(new BootstrapStatus(
                config.name(),
                open.diskId(),
                config.advertiseHost() + ":" + config.peerPort(),
                httpAddress(),
                formation.map(Formation::clusterId).orElse(""),
                formation.map(Formation::members).orElse(List.of()),
                DataDirectory.newestFormat(),
                formation.map(Formation::joinedAs).orElse(0L)));
    }

    /** {@code host:port} of a coordinator's API, empty when it is not known. */
    public String httpAddress(String nodeId) {
        return nodeId.equals(self().toString()) ? httpAddress() : peers.httpAddress(nodeId);
    }

    /** The ids of the members of the group, as far as this replica knows; the founding ones before it knows any. */
    public List<String> members() {
        List<String> now = running().map(runs -> runs.group().members()).orElse(List.of());
        return now.isEmpty()
                ? running().map(Running::formation).map(Formation::members).orElse(List.of())
                : now;
    }

    /** Names of the members that have not answered for a while. */
    public List<String> silentMembers() {
        return members().stream()
                .filter(member -> !member.equals(self().toString()) && !peers.answered(member, SILENT_AFTER_MS))
                .map(member -> StoreId.parse(member).name())
                .toList();
    }

    /** Names of the members that are not known to read a data format. */
    public List<String> membersBelow(int format) {
        return members().stream()
                .filter(member -> !member.equals(self().toString()) && peers.dataFormat(member) < format)
                .map(member -> StoreId.parse(member).name())
                .toList();
    }

    private String httpAddress() {
        return config.advertiseHost() + ":" + httpPort;
    }

    private StoreId self() {
        return new StoreId(config.name(), directory.diskId());
    }

    private void turn() {
        try {
            if (running == null) {
                form();
            } else {
                lookForFaults();
                askNowAndThen();
                running.control().tick();
                changeMembers();
                followFormat();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (StartRefusedException | IOException unusable) {
            end(unusable.getMessage());
        } catch (RuntimeException bug) {
            // The loop must go on: what failed is decided anew in the next turn.
            LOG.error("a turn of the control loop failed", bug);
        }
    }

    private void form() throws IOException, InterruptedException {
        if (content.formation().isEmpty()) {
            decide();
        }
        if (content.formation().isPresent()) {
            running = GroupStart.start(vertx, config, directory, file, content, peers, access);
            waitingFor = "";
        }
    }

    private void decide() throws IOException, InterruptedException {
        Bootstrap.Decision decision = Bootstrap.decide(self(), config.expect(), ask());
        boolean again = decision.equals(lastDecision);
        switch (decision) {
            case Bootstrap.Decision.Wait wait -> {
                waitingFor = wait.reason();
                if (!again) {
                    LOG.infof("the group is not formed yet: %s", wait.reason());
                }
            }
            case Bootstrap.Decision.Join join -> {
                // The time of this start: no disk before this one was taken in under it.
                content = content.withFormation(join.formation().joinedAs(content.incarnation()));
                file.write(content);
                LOG.infof(
                        "joining cluster %s as replica %d: its leader takes this disk in",
                        join.formation().clusterId(), content.incarnation());
            }
            case Bootstrap.Decision.Form form -> {
                if (again || !form.anew()) {
                    content = content.withFormation(form.formation());
                    file.write(content);
                    LOG.infof(
                            "forming cluster %s with %s",
                            form.formation().clusterId(), form.formation().members());
                }
            }
        }
        lastDecision = decision;
    }

    private List<Answer> ask() throws InterruptedException {
        try {
            return peers.ask().toCompletionStage().toCompletableFuture().get(ASK_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            return List.of();
        }
    }

    private void askNowAndThen() {
        long nowMs = System.nanoTime() / 1_000_000;
        if (nextAskMs == 0 || nowMs >= nextAskMs) {
            var unused = peers.ask().onSuccess(answers -> lastAnswers = answers);
            nextAskMs = nowMs + (silentMembers().isEmpty() ? ASK_EVERY_MS : ASK_URGENTLY_EVERY_MS);
        }
    }

    /** The leader takes in who asks to be, and lets go who is gone for good; see {@link GroupMembers}. */
    private void changeMembers() {
        if (!running.group().leads() || !memberChange.isDone()) {
            return;
        }
        Optional<GroupMembers.Change> next = GroupMembers.decide(
                running.formation().clusterId(), running.group().status(), lastAnswers);
        next.ifPresent(change -> {
            LOG.infof("changing the coordinators' group: %s", change);
            memberChange = running.group()
                    .change(change)
                    .orTimeout(MEMBER_CHANGE_MS, TimeUnit.MILLISECONDS)
                    .handle((done, failed) -> {
                        if (failed != null) {
                            LOG.warnf("the coordinators' group was not changed: %s", failed.getMessage());
                        }
                        return null;
                    });
        });
    }

    private void lookForFaults() {
        String fault = running.group().fault();
        if (!fault.isEmpty()) {
            end("the engine has stopped: " + fault);
        }
    }

    /** A finalized cluster is closed to older versions: on this disk, too. */
    private void followFormat() throws IOException {
        int format = running.group().state().meta().formatVersion();
        if (format > directory.format()) {
            directory.raiseFormat(format);
            LOG.infof("the data is of format %d from now on; older versions refuse this disk", format);
        }
    }

    private void end(String why) {
        LOG.errorf("the coordinator ends: %s", why);
        exitCode = EXIT_STOPPED;
        loop.shutdown();
        Quarkus.asyncExit(EXIT_STOPPED);
    }
}
