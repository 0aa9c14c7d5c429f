package dev.ashlar.raft.engine;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.ashlar.raft.GroupStatus;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A follower needs entries that its leader holds in its log alone, and cannot read any more. The leader must stop, so that
 * another one leads and the follower gets them: MicroRaft alone would log it and try again for ever.
 */
class LeaderThatCannotReadItsLogTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int ENTRIES = 40;

    @TempDir
    private Path directory;

    private SimCluster cluster;

    @AfterEach
    void stop() {
        cluster.nodes().forEach(SimNode::kill);
    }

    @Test
    void stopsAndAnotherOneLeads() throws IOException {
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
        cluster.world.runFor(6 * SECOND);
        commit();

        assertThat(leader.group(0).fault()).contains("cannot be read from the log again");
        assertThat(leader.group(0).status().role()).isEqualTo(GroupStatus.Role.STOPPED);
        assertThat(cluster.leader(0).orElseThrow()).isNotSameAs(leader);
        assertThat(late.state(0).applied())
                .hasSizeGreaterThanOrEqualTo(2 * ENTRIES)
                .isEqualTo(cluster.nodes().get(1).state(0).applied());
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
