package dev.ashlar.coordinator.gate;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.common.cluster.LatchAdvice;
import dev.ashlar.coordinator.membership.Timing;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.Presence;

import static dev.ashlar.coordinator.Fixtures.NOW;
import static dev.ashlar.coordinator.Fixtures.id;
import static dev.ashlar.coordinator.gate.GateTablesTest.down;
import static dev.ashlar.coordinator.gate.GateTablesTest.lost;
import static dev.ashlar.coordinator.gate.GateTablesTest.sound;
import static org.assertj.core.api.Assertions.assertThat;

/** What a store is told for its readiness latch. store-0 hosts shards 0 and 2. */
class LatchTablesTest {
    @Test
    void nothingIsMissingWhenEveryHostedShardIsAtFullStrength() {
        Scene scene = sound();
        scene.readiness.put("store-0", "starting");
        assertThat(scene.latchOf("store-0")).isEqualTo(new LatchAdvice(List.of(), ""));
        scene.leaderless.add(1);
        assertThat(scene.latchOf("store-0").missing())
                .as("shard 1 is not hosted")
                .isEmpty();
    }

    @Test
    void theOwnReplicasCountToo() {
        Scene scene = sound();
        scene.lagEntries.put("store-0", 6_000L);
        assertThat(scene.latchOf("store-0"))
                .isEqualTo(new LatchAdvice(List.of("shards 0, 2: the replica on store-0 is 6000 entries behind"), ""));
    }

    @Test
    void itStaysClosedWhileAnotherStoreIsDownOrItsDiskIsBeingReplaced() {
        Scene scene = sound();
        down("store-1").accept(scene);
        assertThat(scene.latchOf("store-0")).isEqualTo(new LatchAdvice(List.of("shard 0: store-1 is down"), ""));
        Scene other = sound();
        lost("store-1").accept(other);
        assertThat(other.latchOf("store-0").open()).isEmpty();
        assertThat(other.latchOf("store-0").missing()).isNotEmpty();
    }

    @Test
    void aStoreWithANewDiskWaitsForWhatItsLostDiskHosted() {
        Scene scene = sound();
        lost("store-0").accept(scene);
        assertThat(scene.latchOf(id("store-0", 2)).missing())
                .as("the new disk hosts nothing, the lost one shards 0 and 2")
                .anySatisfy(line -> assertThat(line).contains("shards 0, 2").contains("lost its disk"));
    }

    @Test
    void itOpensWhenFewerThanHalfOfTheStoresAreReady() {
        Scene scene = sound();
        scene.leaderless.add(0);
        for (String name : List.of("store-0", "store-1")) {
            scene.readiness.put(name, "starting");
        }
        assertThat(scene.latchOf("store-0").open()).isEmpty();
        scene.word.put("store-2", "draining");
        assertThat(scene.latchOf("store-0").open()).isEqualTo("fewer than half of the stores are ready: 1 of 4");
    }

    @Test
    void itOpensForALossThatLastsWhenNothingElseIsMissing() {
        Scene scene = sound();
        long before = NOW - Timing.LASTING_LOSS_MS;
        scene.leadingSinceMs = before;
        scene.silentSinceMs.put("store-1", before - 5_000);
        scene.apply(new ClusterCommand.SetPresence(id("store-1"), 1, Presence.DOWN, "a test", 9));
        assertThat(scene.latchOf("store-0"))
                .isEqualTo(new LatchAdvice(
                        List.of("shard 0: store-1 is down"), "a lasting loss: store-1 went down long ago"));
        scene.leadingSinceMs = before + 1;
        assertThat(scene.latchOf("store-0").open()).as("not long enough").isEmpty();
        scene.leadingSinceMs = before;
        scene.lagEntries.put("store-2", 6_000L);
        assertThat(scene.latchOf("store-0").open()).as("something else, too").isEmpty();
        scene.lagEntries.clear();
        scene.silentSinceMs.put("store-2", NOW - 15_000);
        assertThat(scene.latchOf("store-0").open()).as("no majority left").isEmpty();
    }
}
