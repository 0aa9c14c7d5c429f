package dev.ashlar.raft.engine;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** The target of a transfer may have stopped a moment ago: writes go on all the same, and leadership stays. */
class TransferToOneThatIsAwayTest {
    private static final long MS = 1_000_000L;
    private static final long SECOND = 1_000 * MS;

    /** Above two writes of a slow disk, far below the time after which the engine gives a transfer up. */
    private static final long STALL_MS_MAX = 300;

    @TempDir
    private Path directory;

    private SimCluster cluster;
    private SimNode leader;
    private SimNode target;
    /** A transfer that does not begin must not end the lease, without which every read asks a majority. */
    private boolean leasesWhileRefused = true;

    @BeforeEach
    void start() {
        cluster = new SimCluster(33, 3, 1, 1_000, directory);
        cluster.startAll();
        cluster.world.runFor(4 * SECOND);
        leader = cluster.leader(0).orElseThrow();
        target = cluster.nodes().stream()
                .filter(node -> node != leader)
                .findFirst()
                .orElseThrow();
    }

    @AfterEach
    void stop() {
        cluster.nodes().forEach(SimNode::kill);
    }

    @Test
    void writesGoOnWhenItWasKilled() {
        target.kill();
        assertTransferIsRefusedAndNothingStalls();
    }

    @Test
    void writesGoOnWhenItStandsStill() {
        target.pause();
        assertTransferIsRefusedAndNothingStalls();
        target.resume();
        cluster.world.runFor(3 * SECOND);
        cluster.checkConverged();
    }

    @Test
    void oneThatIsThereTakesOver() {
        CompletableFuture<Void> transfer = leader.transfer(0, cluster.member(target.id));
        leasesWhileRefused = false;
        longestStallMs(2 * SECOND);
        assertThat(transfer).isCompleted();
        assertThat(cluster.leader(0)).contains(target);
        cluster.world.runFor(SECOND);
        cluster.checkConverged();
    }

    private void assertTransferIsRefusedAndNothingStalls() {
        CompletableFuture<Void> transfer = leader.transfer(0, cluster.member(target.id));
        assertThat(longestStallMs(3 * SECOND)).isLessThan(STALL_MS_MAX);
        assertThat(transfer).isCompletedExceptionally();
        assertThat(cluster.leader(0)).contains(leader);
    }

    /** Under a write every 20 ms. */
    private long longestStallMs(long forNanos) {
        long endNanos = cluster.world.now() + forNanos;
        long stallNanos = 0;
        long lastNanos = cluster.world.now();
        int acknowledged = cluster.acknowledgedCount();
        while (cluster.world.now() < endNanos) {
            cluster.submit(0);
            cluster.world.runFor(20 * MS);
            if (leasesWhileRefused) {
                assertThat(leader.group(0).leaseValid()).isTrue();
            }
            if (cluster.acknowledgedCount() > acknowledged) {
                acknowledged = cluster.acknowledgedCount();
                lastNanos = cluster.world.now();
            }
            stallNanos = Math.max(stallNanos, cluster.world.now() - lastNanos);
        }
        return stallNanos / MS;
    }
}
