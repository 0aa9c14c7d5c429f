package dev.ashlar.raft.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Seeded histories of kills, pauses, partitions and transfers of leadership, in virtual time. After each disturbance that
 * leaves a majority, every group has a leader that commits within three seconds. A failing seed is in the message.
 */
class FaultHistoriesTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int SEEDS = Integer.getInteger("ashlar.sim.seeds", 40);

    @TempDir
    private Path directory;

    @Test
    void threeNodesSurviveKillsPausesAndPartitions() throws IOException {
        for (long seed = 1; seed <= SEEDS; seed++) {
            history(directory, seed, 3, 4, false, 0.08);
        }
    }

    @Test
    void fiveNodesSurviveKillsPausesAndPartitions() throws IOException {
        for (long seed = 1; seed <= SEEDS / 4; seed++) {
            history(directory, 1_000 + seed, 5, 2, false, 0.08);
        }
    }

    @Test
    void manyGroupsGetLeadersAgainAfterRepeatedKills() throws IOException {
        for (long seed = 1; seed <= SEEDS / 4; seed++) {
            history(directory, 2_000 + seed, 3, 24, false, 0.08);
        }
    }

    /** Negative control: a disk that says done before it wrote. The checks must see the loss. */
    @Test
    void aLyingDiskIsCaught() {
        assertThatThrownBy(() -> {
                    for (long seed = 1; seed <= 60; seed++) {
                        history(directory, 3_000 + seed, 3, 2, true, 0.08);
                    }
                })
                .isInstanceOf(AssertionError.class);
    }

    void history(Path directory, long seed, int nodes, int groups, boolean lyingDisk, double drift) throws IOException {
        Path place = Files.createDirectory(directory.resolve("seed-" + seed));
        SimCluster cluster = new SimCluster(seed, nodes, groups, 16, place);
        cluster.lyingDisk = lyingDisk;
        cluster.clockDrift = drift;
        try {
            cluster.startAll();
            load(cluster);
            cluster.world.runFor(4 * SECOND);
            for (int round = 0; round < 8; round++) {
                disturb(cluster);
            }
            cluster.world.heal();
            for (SimNode node : cluster.nodes()) {
                node.resume();
                if (!node.isUp()) {
                    node.start();
                }
            }
            loading = false;
            cluster.world.runFor(15 * SECOND);
            cluster.checkConverged();
            assertThat(cluster.acknowledgedCount()).as("acknowledged commands").isGreaterThan(100);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
        } finally {
            cluster.nodes().forEach(SimNode::kill);
        }
    }

    private boolean loading;

    private void load(SimCluster cluster) {
        loading = true;
        cluster.world.at(0, () -> tick(cluster));
    }

    private void tick(SimCluster cluster) {
        if (!loading) {
            return;
        }
        for (int group = 0; group < cluster.groupCount; group++) {
            if (cluster.world.random.nextInt(3) == 0) {
                cluster.submit(group);
            }
        }
        cluster.world.at(1_000_000 + cluster.world.random.nextLong(40_000_000), () -> tick(cluster));
    }

    /** One fault, time to get over it, the check that every group leads and commits, then the repair. */
    private void disturb(SimCluster cluster) {
        SimWorld world = cluster.world;
        List<SimNode> victims =
                world.shuffled(cluster.nodes()).subList(0, (cluster.nodes().size() - 1) / 2);
        int kind = world.random.nextInt(6);
        if (world.random.nextInt(3) == 0) {
            // The fault comes at any step of it: the target may have said that it is there, and die before it is told
            // to lead.
            transferSomewhere(cluster);
            world.runFor(world.random.nextLong(12_000_000));
        }
        for (SimNode victim : victims) {
            switch (kind) {
                case 0, 1 -> victim.kill();
                case 2 -> victim.pause();
                case 3 -> world.isolate(victim.id, cluster.others(victim));
                case 4 -> oneWay(cluster, victim);
                default -> lossy(cluster);
            }
        }
        if (world.random.nextBoolean()) {
            transferSomewhere(cluster);
        }
        world.runFor(SECOND / 2 + world.random.nextLong(SECOND / 2));
        world.runFor(2 * SECOND);
        if (kind < 4) {
            expectProgress(cluster);
        }
        world.heal();
        for (SimNode node : cluster.nodes()) {
            node.resume();
            if (!node.isUp()) {
                node.start();
            }
        }
        world.runFor(world.random.nextLong(3 * SECOND));
    }

    private static void oneWay(SimCluster cluster, SimNode victim) {
        boolean outgoing = cluster.world.random.nextBoolean();
        for (String other : cluster.others(victim)) {
            if (outgoing) {
                cluster.world.rule(victim.id, other, SimWorld.Rule.CUT);
            } else {
                cluster.world.rule(other, victim.id, SimWorld.Rule.CUT);
            }
        }
    }

    private static void lossy(SimCluster cluster) {
        for (SimNode from : cluster.nodes()) {
            for (String to : cluster.others(from)) {
                cluster.world.rule(from.id, to, new SimWorld.Rule(0.2, 5_000_000, true));
            }
        }
    }

    private static void transferSomewhere(SimCluster cluster) {
        int group = cluster.world.random.nextInt(cluster.groupCount);
        cluster.leader(group)
                .ifPresent(leader -> leader.transfer(
                        group, cluster.world.shuffled(cluster.members()).get(0)));
    }

    /** The trap of the prototype: a majority is there, so every group must commit, within three seconds of the fault. */
    private static void expectProgress(SimCluster cluster) {
        List<Integer> before = cluster.acknowledgedPerGroup();
        cluster.world.runFor(SECOND);
        List<Integer> after = cluster.acknowledgedPerGroup();
        for (int group = 0; group < cluster.groupCount; group++) {
            if (after.get(group) <= before.get(group)) {
                StringBuilder text = new StringBuilder("group " + group + " acknowledges nothing:");
                int number = group;
                cluster.nodes().stream().filter(SimNode::isUp).forEach(node -> text.append("\n  ")
                        .append(node.isPaused() ? "(paused) " : "")
                        .append(node.group(number).status()));
                throw new AssertionError(text.toString());
            }
        }
    }
}
