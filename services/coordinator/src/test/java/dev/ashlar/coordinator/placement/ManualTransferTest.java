package dev.ashlar.coordinator.placement;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.ReplicaRecord;
import dev.ashlar.coordinator.state.ShardRecord;

import static dev.ashlar.coordinator.Fixtures.NOW;
import static dev.ashlar.coordinator.Fixtures.after;
import static dev.ashlar.coordinator.Fixtures.id;
import static dev.ashlar.coordinator.Fixtures.placed;
import static dev.ashlar.coordinator.Fixtures.steady;
import static dev.ashlar.coordinator.Fixtures.withStores;
import static org.assertj.core.api.Assertions.assertThat;

class ManualTransferTest {
    private final ClusterState even =
            placed(withStores(6, 3, "a", "b", "c"), "a b c", "b c a", "c a b", "a b c", "b c a", "c a b");

    @Test
    void theStoreGetsTheShardAndGivesAnotherOneInExchangeSoThatNothingIsMovedBack() {
        ClusterState after = transfer(even, 0, "b");
        assertThat(leaders(after)).containsExactly("b", "a", "c", "a", "b", "c");
        assertThat(LeaderSpread.decide(after, steady(after, "a", "b", "c", "a", "b", "c"), NOW, 1))
                .as("the balance has nothing to undo")
                .isEmpty();
    }

    @Test
    void aShardThatPrefersTheStoreAlreadyStays() {
        assertThat(decide(even, 0, "a")).isEmpty();
    }

    @Test
    void nothingIsGivenWhenTheLoadStaysEvenWithoutIt() {
        ClusterState uneven = placed(withStores(2, 3, "a", "b", "c"), "a b c", "a b c");
        assertThat(leaders(transfer(uneven, 1, "c"))).containsExactly("a", "c");
    }

    private static ClusterState transfer(ClusterState state, int shard, String to) {
        return after(state, decide(state, shard, to).toArray(ClusterCommand[]::new));
    }

    private static List<ClusterCommand> decide(ClusterState state, int number, String to) {
        ShardRecord shard = state.shards().get(number);
        ReplicaRecord voter = ManualTransfer.voter(shard, id(to)).orElseThrow();
        return ManualTransfer.decide(state, shard, voter, 1);
    }

    private static List<String> leaders(ClusterState state) {
        return state.shards().values().stream()
                .map(shard -> shard.replica(shard.preferredLeader())
                        .orElseThrow()
                        .store()
                        .name())
                .toList();
    }
}
