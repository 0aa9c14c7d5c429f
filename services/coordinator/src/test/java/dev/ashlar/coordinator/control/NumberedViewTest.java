package dev.ashlar.coordinator.control;

import java.util.List;

import org.junit.jupiter.api.Test;

import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.common.cluster.ShardInfo;
import dev.ashlar.common.cluster.StoreInfo;

import static org.assertj.core.api.Assertions.assertThat;

/** A store that says which view it has is sent none, as long as that is the one it would be sent. */
class NumberedViewTest {
    private final List<ShardInfo> shards = List.of(shard(7));
    private final List<StoreInfo> stores = List.of(store("up", 100));

    @Test
    void onlyWhatHasChangedGetsAnotherNumber() {
        NumberedView first = NumberedView.first(3).next(shards, stores);
        assertThat(first.next(List.of(shard(7)), List.of(store("up", 100)))).isSameAs(first);
        assertThat(first.next(shards, List.of(store("up", 900))))
                .as("only time has gone by")
                .isSameAs(first);
        assertThat(List.of(
                        first.next(List.of(shard(8)), stores).number(),
                        first.next(List.of(), stores).number(),
                        first.next(shards, List.of(store("down", 100))).number(),
                        first.next(shards, List.of(store("up", -1))).number(),
                        first.next(shards, List.of()).number()))
                .as("each of these is news")
                .containsOnly(first.number() + 1);
    }

    @Test
    void whatWasOnceIsAnotherViewWhenItComesBack() {
        NumberedView first = NumberedView.first(3).next(shards, stores);
        NumberedView back = first.next(List.of(shard(8)), stores).next(shards, stores);
        assertThat(back.shards()).isEqualTo(first.shards());
        assertThat(back.number()).isGreaterThan(first.number());
    }

    @Test
    void noNumberIsNoneOrThatOfAnotherLeader() {
        assertThat(NumberedView.first(1).next(shards, stores).number()).isNotZero();
        assertThat(NumberedView.first(4).next(shards, stores).number())
                .isNotEqualTo(NumberedView.first(3).next(shards, stores).number());
    }

    private static ShardInfo shard(long revision) {
        return new ShardInfo(0, 1, List.of(new ReplicaInfo("store-0.0000000000000000", 1, "voter")), 1, 1, 1, revision);
    }

    private static StoreInfo store(String state, long lastSeenMsAgo) {
        return new StoreInfo(
                "store-0",
                "0000000000000000",
                "",
                state,
                1,
                "127.0.0.1:8080",
                "127.0.0.1:8090",
                "1",
                lastSeenMsAgo,
                1,
                1,
                0,
                List.of());
    }
}
