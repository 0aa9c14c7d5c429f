package dev.ashlar.acceptance.placement;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.acceptance.cluster.ClusterSize;
import dev.ashlar.acceptance.cluster.LocalCluster;
import dev.ashlar.acceptance.cluster.ServerProcess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Coordinators lose their disks one after the other, until none is left of those that formed the group. Each comes back as a
 * new member by itself; what the group knew is still there.
 */
class LostCoordinatorDiskTest {
    @Test
    void everyCoordinatorLosesItsDiskOnce() {
        try (LocalCluster cluster = LocalCluster.start("lost-coordinator-disk", new ClusterSize(1, 3, 1))) {
            String clusterId = Members.view(cluster).orElseThrow().clusterId();
            for (ServerProcess coordinator : cluster.coordinators()) {
                coordinator.kill();
                cluster.loseDisk(coordinator);
                coordinator.start();
                // Ready is who follows the leader; well is a group in which all answer.
                cluster.awaitReady(coordinator);
                cluster.await("three coordinators that answer", () -> isWell(cluster, clusterId));
            }
            List<ServerProcess> left = cluster.coordinators();
            left.getFirst().kill();
            cluster.await("a leader among two new members", () -> Members.view(cluster)
                    .isPresent());
            assertThat(Members.view(cluster).orElseThrow().clusterId()).isEqualTo(clusterId);
        }
    }

    private static boolean isWell(LocalCluster cluster, String clusterId) {
        return Members.view(cluster)
                .filter(view -> view.clusterId().equals(clusterId)
                        && view.coordinators().size() == 3
                        && view.problems().isEmpty())
                .isPresent();
    }
}
