package dev.ashlar.raft.engine;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * MicroRaft counts an entry as applied although the state could not take it, and completes the queries that waited for it. A
 * read then would miss an acknowledged write (S2).
 */
class BarrierOfAStoppedReplicaTest extends SimClusterTest {
    @Test
    void aBarrierIsNotReadyOnceTheStateHasFailed() {
        cluster = new SimCluster(21, 3, 2, 1_000, directory);
        cluster.startAll();
        cluster.world.runFor(4 * SECOND);
        List<String> told = new ArrayList<>();
        SimNode leader = cluster.leader(0).orElseThrow();
        barrier(leader, told);
        cluster.world.runFor(SECOND);
        assertThat(told).containsExactly("ready with a good state");

        told.clear();
        leader.state(0).damage();
        cluster.submit(0);
        for (int i = 0; i < 200; i++) {
            barrier(leader, told);
            cluster.world.runFor(SECOND / 10_000);
        }
        cluster.world.runFor(6 * SECOND);
        assertThat(leader.group(0).fault()).isNotEmpty();
        assertThat(told).hasSize(200).contains("failed").doesNotContain("ready with a failed state");
    }

    private static void barrier(SimNode node, List<String> told) {
        node.group(0)
                .readBarrier(
                        () -> told.add(
                                node.group(0).fault().isEmpty()
                                        ? "ready with a good state"
                                        : "ready with a failed state"),
                        failure -> told.add("failed"));
    }
}
