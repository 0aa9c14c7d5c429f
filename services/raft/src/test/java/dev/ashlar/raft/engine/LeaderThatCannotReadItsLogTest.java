package dev.ashlar.raft.engine;

import java.io.IOException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A follower needs entries that its leader holds in its log alone, where they are damaged. MicroRaft logs that and tries again;
 * here the leader says so and goes on, and whoever looks after it lets another one lead, from which the follower gets them.
 */
class LeaderThatCannotReadItsLogTest extends SimClusterTest {
    private static final int ENTRIES = 40;

    @Test
    void saysSoAndGoesOnUntilAnotherOneLeads() throws IOException {
        cluster = new SimCluster(41, 3, 1, 10_000, directory);
        cluster.startAll();
        cluster.world.runFor(4 * SECOND);
        // The nodes with even numbers keep no payloads in memory.
        SimNode leader = cluster.nodes().get(0);
        SimNode late = cluster.nodes().get(2);
        SimNode former = cluster.leader(0).orElseThrow();
        if (former != leader) {
            former.transfer(0, cluster.member(leader.id));
            cluster.world.runFor(2 * SECOND);
        }
        assertThat(cluster.leader(0)).contains(leader);
        late.kill();
        commit();
        leader.spoilLog();
        late.start();
        cluster.world.runFor(3 * SECOND);
        commit();
        assertThat(leader.group(0).logDamage()).contains("cannot be read from the log again");
        assertThat(leader.group(0).fault()).isEmpty();
        assertThat(cluster.leader(0)).contains(leader);
        assertThat(late.state(0).applied()).hasSizeLessThan(ENTRIES);

        SimNode whole = cluster.nodes().get(1);
        leader.transfer(0, cluster.member(whole.id));
        cluster.world.runFor(3 * SECOND);
        assertThat(cluster.leader(0)).contains(whole);
        commit();
        assertThat(whole.group(0).logDamage()).isEmpty();
        for (SimNode node : cluster.nodes()) {
            assertThat(node.state(0).applied())
                    .hasSizeGreaterThanOrEqualTo(3 * ENTRIES)
                    .isEqualTo(whole.state(0).applied());
        }
    }

    private void commit() {
        int before = cluster.acknowledgedCount();
        for (int i = 0; i < ENTRIES; i++) {
            cluster.submit(0);
            cluster.world.runFor(SECOND / 50);
        }
        cluster.world.runFor(SECOND);
        assertThat(cluster.acknowledgedCount() - before).isEqualTo(ENTRIES);
    }
}
