package dev.ashlar.acceptance.kill;

import org.junit.jupiter.api.Test;

import dev.ashlar.acceptance.cluster.ClusterSize;

/** The cluster of {@code make run} under load while its processes are killed and frozen. */
class KillLoopTest {
    @Test
    void losesNothingWhenProcessesDieUnderLoad() {
        KillLoop.run("kill-loop", ClusterSize.STANDARD, Integer.getInteger("ashlar.acceptance.rounds", 6), false);
    }

    /**
     * Many shards, and survivors that have been restarted before: with a prototype a shard stayed without a leader here
     * although two of its three voters were alive.
     */
    @Test
    void everyShardElectsALeaderAmongRestartedSurvivors() {
        KillLoop.run(
                "kill-loop-24", ClusterSize.MANY_SHARDS, Integer.getInteger("ashlar.acceptance.rounds", 6) / 2, true);
    }
}
