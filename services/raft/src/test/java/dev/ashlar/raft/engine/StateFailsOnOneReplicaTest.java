package dev.ashlar.raft.engine;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.raft.GroupStatus;

import static org.assertj.core.api.Assertions.assertThat;

/** The state of one replica of group 0 cannot take an entry. */
class StateFailsOnOneReplicaTest extends SimClusterTest {
    @Test
    void aFollowerStopsAloneAndLeavesNoEntryOut() {
        formed(11);
        SimNode victim = cluster.nodes().stream()
                .filter(node -> node != cluster.leader(0).orElseThrow())
                .findFirst()
                .orElseThrow();
        failsOn(victim);
    }

    @Test
    void aLeaderStopsAloneAndAnotherLeads() {
        formed(12);
        failsOn(cluster.leader(0).orElseThrow());
    }

    private void formed(long seed) {
        cluster = new SimCluster(seed, 3, 2, 1_000, directory);
        cluster.startAll();
        cluster.world.runFor(4 * SECOND);
        commit(20);
    }

    private void failsOn(SimNode victim) {
        List<Long> before = List.copyOf(victim.state(0).applied());
        victim.state(0).damage();
        commit(20);
        cluster.world.runFor(6 * SECOND);
        commit(20);

        assertThat(victim.group(0).fault()).contains("not what was written");
        assertThat(victim.group(0).status().role()).isEqualTo(GroupStatus.Role.STOPPED);
        assertThat(victim.state(0).applied())
                .as("nothing after the entry that failed: one left out would make the replicas differ")
                .isEqualTo(before);
        assertThat(victim.group(1).fault()).isEmpty();
        SimNode leads = cluster.leader(0).orElseThrow();
        assertThat(leads).isNotSameAs(victim);
        assertThat(leads.state(0).applied().size()).isGreaterThan(before.size() + 10);
        assertThat(victim.state(1).applied().size()).isGreaterThanOrEqualTo(60);
        for (SimNode node : cluster.nodes()) {
            assertThat(node.state(1).applied())
                    .isEqualTo(cluster.nodes().getFirst().state(1).applied());
        }
    }

    private void commit(int rounds) {
        for (int i = 0; i < rounds; i++) {
            cluster.submit(0);
            cluster.submit(1);
            cluster.world.runFor(SECOND / 10);
        }
    }
}
