package dev.ashlar.coordinator.boot;

import java.io.IOException;
import java.nio.file.Path;

import io.vertx.core.Vertx;
import org.jboss.logging.Logger;

import dev.ashlar.access.Access;
import dev.ashlar.common.StoreId;
import dev.ashlar.common.disk.DataDirectory;
import dev.ashlar.common.disk.StartRefusedException;
import dev.ashlar.coordinator.bootstrap.Formation;
import dev.ashlar.coordinator.bootstrap.FormationFile;
import dev.ashlar.coordinator.bootstrap.Peers;
import dev.ashlar.coordinator.control.Control;
import dev.ashlar.coordinator.group.ClusterGroup;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.Settings;
import dev.ashlar.raft.HostOptions;
import dev.ashlar.raft.Member;
import dev.ashlar.raft.PeerSecurity;
import dev.ashlar.raft.RaftHost;
import dev.ashlar.raft.engine.MicroRaftHost;

/**
 * Opens the log and starts this coordinator's replica.
 *
 * <ol>
 *   <li>A disk on which the group ran before, but that has no log of it, is refused: a voter that forgot its votes could
 *       vote twice (S5).
 *   <li>The file says that the group ran as soon as it does.
 * </ol>
 */
final class GroupStart {
    private static final Logger LOG = Logger.getLogger(GroupStart.class);
    private static final long CACHE_BYTES = 4L << 20;

    private GroupStart() {}

    static CoordinatorNode.Running start(
            Vertx vertx,
            CoordinatorConfig config,
            DataDirectory directory,
            FormationFile file,
            FormationFile.Content content,
            Peers peers,
            Access access)
            throws IOException {
        Formation formation = content.formation().orElseThrow();
        StoreId self = new StoreId(config.name(), directory.diskId());
        Member local = formation
                .local(self)
                .orElseThrow(() -> new StartRefusedException("the disk " + directory.path() + " belongs to one of "
                        + formation.members() + ", but this process is " + self + ". Was ASHLAR_NAME changed?"));
        Path data = directory.path();
        RaftHost host = MicroRaftHost.open(
                vertx,
                new HostOptions(
                        formation.clusterId(),
                        self.toString(),
                        content.incarnation(),
                        data,
                        config.peerHost(),
                        config.peerPort(),
                        peers::peerAddress,
                        config.heartbeatMs(),
                        config.electionMs(),
                        config.walSegmentBytes(),
                        CACHE_BYTES,
                        config.minFreeBytes(),
                        access.certificates()
                                .map(certificates -> new PeerSecurity(
                                        certificates::client,
                                        certificates::server,
                                        certificates::watch,
                                        certificates::watch))
                                .orElse(PeerSecurity.NONE)));
        if (content.started() && host.storedReplica(ClusterGroup.GROUP_ID) == 0) {
            host.close();
            throw new StartRefusedException("data directory " + data + " belongs to cluster " + formation.clusterId()
                    + " but its log is gone: this coordinator could vote twice. Empty the directory, so that it comes"
                    + " back as a new member");
        }
        ClusterGroup group = ClusterGroup.start(host, data, local, formation.voters());
        file.write(content.asStarted());
        LOG.infof("replica %s of the coordinators' group runs, cluster %s", local, formation.clusterId());
        Settings settings = new Settings(config.shards(), config.replicationFactor(), config.expectStores());
        Control control = new Control(
                group,
                new ClusterCommand.Initialize(
                        formation.clusterId(), DataDirectory.FORMAT_AT_FIRST, settings, System.currentTimeMillis()),
                config.repairAfterMs(),
                () -> System.nanoTime() / 1_000_000,
                System::currentTimeMillis);
        return new CoordinatorNode.Running(formation, group, control);
    }
}
