package dev.ashlar.raft.engine;

import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of one simulated cluster, whose processes end with it. */
abstract class SimClusterTest {
    static final long SECOND = 1_000_000_000L;

    @TempDir
    Path directory;

    SimCluster cluster;

    @AfterEach
    void stop() {
        cluster.nodes().forEach(SimNode::kill);
    }
}
