package dev.ashlar.store.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import io.quarkus.runtime.Quarkus;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

import dev.ashlar.access.Access;
import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.RegisterRequest;
import dev.ashlar.common.cluster.RegisterResponse;
import dev.ashlar.common.disk.DataDirectory;
import dev.ashlar.common.disk.StartRefusedException;
import dev.ashlar.raft.HostOptions;
import dev.ashlar.raft.PeerSecurity;
import dev.ashlar.store.membership.ClusterMap;
import dev.ashlar.store.membership.Membership;
import dev.ashlar.store.membership.Vitals;
import dev.ashlar.store.readiness.ReadyLatch;
import dev.ashlar.store.replica.ReplicaStorage;
import dev.ashlar.store.replica.Replicas;
import dev.ashlar.store.scalein.ScaleIn;

/**
 * The life of the process.
 *
 * <ol>
 *   <li>Check the configuration, open the data directory, read the last known map.
 *   <li>Register, on the membership thread, for as long as it takes; then open the replicas with the incarnation that was
 *       given out.
 *   <li>On a stop: be not ready, leave for good when the StatefulSet has become too small, move every leadership away,
 *       answer what is in flight, close the host.
 *   <li>On a fault or a fence: say so and end with a code of its own.
 * </ol>
 */
@Singleton
public class StoreNode {
    private static final Logger LOG = Logger.getLogger(StoreNode.class);
    private static final int EXIT_STOPPED = 3;
    private static final long FAREWELL_MS = 2_000;

    private final StoreConfig config;
    private final StoreMemory memory;
    private final Membership membership;
    private final ClusterMap map;
    private final Replicas replicas;
    private final ReplicaStorage storage;
    private final Drain drain;
    private final ReadyLatch latch;
    private final Farewell farewell;
    private final Access access;
    private final ScaleIn scaleIn;
    private volatile boolean draining;
    private volatile int exitCode;
    private volatile DataDirectory directory;
    private boolean stopped;
    private Watchdog watchdog;

    @Inject
    StoreNode(
            StoreConfig config,
            StoreMemory memory,
            Membership membership,
            ClusterMap map,
            Replicas replicas,
            ReplicaStorage storage,
            Drain drain,
            ReadyLatch latch,
            Farewell farewell,
            Access access,
            ScaleIn scaleIn) {
        this.config = config;
        this.memory = memory;
        this.membership = membership;
        this.map = map;
        this.replicas = replicas;
        this.storage = storage;
        this.drain = drain;
        this.latch = latch;
        this.farewell = farewell;
        this.access = access;
        this.scaleIn = scaleIn;
    }

    /**
     * Starts; returns when registration has begun.
     *
     * @throws StartRefusedException when the configuration or the data directory cannot be used
     */
    public void start() {
        ConfigCheck.check(config);
        access.check();
        directory = DataDirectory.open(Path.of(config.dataDir()));
        RegisterRequest identity = new RegisterRequest(
                config.name(),
                directory.diskId(),
                config.zone().orElse(""),
                config.advertiseHost() + ":" + httpPort(),
                config.advertiseHost() + ":" + config.peerPort(),
                version(),
                DataDirectory.newestFormat());
        LOG.infof("store %s.%s, data in %s", config.name(), directory.diskId(), directory.path());
        LOG.info(memory);
        try {
            membership.start(
                    identity,
                    directory,
                    config.coordinators(),
                    config.startAloneAfterMs(),
                    this::openReplicas,
                    this::end,
                    this::vitals,
                    this::raiseFormat);
        } catch (IOException unreadable) {
            directory.close();
            throw new StartRefusedException(unreadable.getMessage());
        }
        watchdog = new Watchdog(replicas, this::end);
        watchdog.start();
    }

    /** Stops in order; at most the drain timeout and a few seconds. A second call does nothing. */
    @PreDestroy
    public synchronized void stop() {
        draining = true;
        if (directory == null || stopped) {
            return;
        }
        stopped = true;
        LOG.info("stopping: moving leaderships away");
        scaleIn.run(config.name(), config.decommissionTimeoutMs());
        farewell.begin();
        drain.run(config.drainTimeoutMs());
        farewell.await(FAREWELL_MS);
        membership.stop();
        watchdog.close();
        try {
            replicas.close();
            LOG.info("stopped");
        } catch (IOException e) {
            LOG.errorf("the replicas were not closed cleanly, the log will be replayed: %s", e.getMessage());
        }
        directory.close();
    }

    /** Whether it is stopping. */
    public boolean draining() {
        return draining;
    }

    /** 0 after an ordinary stop. */
    public int exitCode() {
        return exitCode;
    }

    private void openReplicas(RegisterResponse response) throws IOException {
        replicas.start(
                storage,
                new HostOptions(
                        response.clusterId(),
                        new StoreId(config.name(), directory.diskId()).toString(),
                        response.incarnation(),
                        directory.path(),
                        config.peerHost(),
                        config.peerPort(),
                        map::peerAddress,
                        config.heartbeatMs(),
                        config.electionMs(),
                        config.walSegmentBytes(),
                        memory.logCacheBytes(),
                        config.minFreeBytes(),
                        access.certificates()
                                .map(certificates -> new PeerSecurity(
                                        certificates::client,
                                        certificates::server,
                                        certificates::watch,
                                        certificates::watch))
                                .orElse(PeerSecurity.NONE)));
        LOG.infof("%d replicas started", replicas.all().size());
    }

    /** The cluster is finalized: older versions are to refuse this disk. */
    private void raiseFormat(int format) {
        DataDirectory open = directory;
        if (open == null || format <= open.format()) {
            return;
        }
        try {
            open.raiseFormat(format);
            LOG.infof("the data is of format %d from now on; older versions refuse this disk", format);
        } catch (IOException notNow) {
            LOG.warnf("the format of the data cannot be raised, trying on: %s", notNow.getMessage());
        }
    }

    private void end(String message) {
        LOG.errorf("the store ends: %s", message);
        exitCode = EXIT_STOPPED;
        draining = true;
        Quarkus.asyncExit(EXIT_STOPPED);
    }

    private Vitals vitals() {
        List<String> alarms = new ArrayList<>();
        if (replicas.diskFull()) {
            alarms.add("disk_full");
        }
        replicas.problems().forEach((shard, problem) -> alarms.add("replica_unusable:" + shard));
        replicas.damaged().keySet().forEach(shard -> alarms.add("replica_damaged:" + shard));
        return new Vitals(draining ? "draining" : "up", List.copyOf(alarms), 0, diskFreeBytes(), latch.word());
    }

    /** Free space of the disk with the data, in bytes; 0 when it cannot be asked. */
    public long diskFreeBytes() {
        DataDirectory open = directory;
        if (open == null) {
            return 0;
        }
        try {
            return Files.getFileStore(open.path()).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    private static int httpPort() {
        return ConfigProvider.getConfig().getValue("quarkus.http.port", Integer.class);
    }

    private static String version() {
        return ConfigProvider.getConfig()
                .getOptionalValue("quarkus.application.version", String.class)
                .orElse("0");
    }
}
