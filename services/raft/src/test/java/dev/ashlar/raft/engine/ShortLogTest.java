package dev.ashlar.raft.engine;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A leader that does not know yet where the log of a follower ends finds out within a few requests, however many entries the
 * follower lacks. MicroRaft alone goes back by one entry a request: more than a thousand here.
 */
class ShortLogTest extends SimClusterTest {
    private static final int ENTRIES = 1_000;
    /** Requests with all entries, a few more for the end of the log, and heartbeats. */
    private static final int FRAMES_MAX = 100;

    @Test
    void anEmptyReplicaGetsItsFirstEntryAtOnce() {
        cluster = new SimCluster(31, 3, 1, 10_000, directory);
        SimNode late = cluster.nodes().get(2);
        cluster.nodes().get(0).start();
        cluster.nodes().get(1).start();
        cluster.world.runFor(4 * SECOND);
        write(ENTRIES);
        catchesUp(late);
    }

    @Test
    void aReplicaThatWasAwayGetsTheFirstEntryThatItLacksAtOnce() {
        cluster = new SimCluster(32, 3, 1, 10_000, directory);
        cluster.startAll();
        cluster.world.runFor(4 * SECOND);
        write(50);
        SimNode leader = cluster.leader(0).orElseThrow();
        SimNode late = cluster.nodes().stream()
                .filter(node -> node != leader)
                .findFirst()
                .orElseThrow();
        late.kill();
        write(ENTRIES);
        catchesUp(late);
    }

    private void write(int entries) {
        for (int i = 0; i < entries; i++) {
            cluster.submit(0);
            cluster.world.runFor(SECOND / 50);
        }
        cluster.world.runFor(SECOND);
        assertThat(cluster.acknowledgedCount()).isGreaterThanOrEqualTo(entries);
    }

    /** To a leader that was elected meanwhile, which knows nothing of any log but its own. */
    private void catchesUp(SimNode late) {
        SimNode former = cluster.leader(0).orElseThrow();
        SimNode leader = cluster.nodes().stream()
                .filter(node -> node != former && node != late)
                .findFirst()
                .orElseThrow();
        former.transfer(0, cluster.member(leader.id));
        cluster.world.runFor(2 * SECOND);
        assertThat(cluster.leader(0)).contains(leader);
        int before = cluster.world.delivered(leader.id, late.id);
        late.start();
        cluster.world.runFor(3 * SECOND);
        assertThat(late.state(0).applied()).isEqualTo(leader.state(0).applied()).hasSizeGreaterThanOrEqualTo(ENTRIES);
        assertThat(cluster.world.delivered(leader.id, late.id) - before).isBetween(1, FRAMES_MAX);
    }
}
