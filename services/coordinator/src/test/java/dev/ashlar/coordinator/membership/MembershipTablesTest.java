package dev.ashlar.coordinator.membership;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.coordinator.Fixtures;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.Presence;
import dev.ashlar.coordinator.state.ShardRecord;

import static dev.ashlar.coordinator.Fixtures.NOW;
import static dev.ashlar.coordinator.Fixtures.after;
import static dev.ashlar.coordinator.Fixtures.heard;
import static dev.ashlar.coordinator.Fixtures.id;
import static dev.ashlar.coordinator.Fixtures.placed;
import static dev.ashlar.coordinator.Fixtures.register;
import static dev.ashlar.coordinator.Fixtures.withStores;
import static org.assertj.core.api.Assertions.assertThat;

class MembershipTablesTest {
    @ParameterizedTest(name = "disk {1}, incarnation {2} of {0}: {3}")
    @CsvSource({
        // store-0 registered disk 1 (incarnation 1), disk 1 again (2), disk 2 (3).
        "store-0, 2, 3, ACCEPTED",
        "store-0, 1, 2, FENCED",
        "store-0, 1, 1, FENCED",
        "store-0, 2, 2, FENCED",
        "store-0, 1, 3, UNKNOWN",
        "store-0, 2, 4, UNKNOWN",
        "store-0, 9, 3, UNKNOWN",
        "store-9, 1, 1, UNKNOWN",
    })
    void theNewestProcessOfANameIsTheStore(String name, int disk, long incarnation, Fencing.Verdict verdict) {
        ClusterState state = after(
                Fixtures.initialized(1, 1, 1),
                register(id("store-0", 1), ""),
                register(id("store-0", 1), ""),
                register(id("store-0", 2), ""));
        assertThat(Fencing.judge(state, id(name, disk), incarnation)).isEqualTo(verdict);
    }

    @ParameterizedTest(name = "{0}, last heard {1} ms ago, leading for {2} ms: {3}")
    @CsvSource({
        "UP,   1000,   60000, ''",
        "UP,   9999,   60000, ''",
        "UP,   10000,  60000, DOWN",
        // A new leader has heard nobody yet, and waits a whole timeout.
        "UP,   -1,     9999,  ''",
        "UP,   -1,     10000, DOWN",
        "DOWN, 1000,   60000, UP",
        "DOWN, 9000,   60000, ''",
        "DOWN, -1,     60000, ''",
    })
    void silenceMakesAStoreDownAndAHeartbeatUp(Presence before, long heardMsAgo, long leadingMs, String decided) {
        ClusterState state = withStores(1, 1, "a");
        if (before == Presence.DOWN) {
            state = after(state, new ClusterCommand.SetPresence(id("a"), 1, Presence.DOWN, "test", 1));
        }
        Map<dev.ashlar.common.StoreId, StoreSeen> seen =
                heardMsAgo < 0 ? Map.of() : Map.of(id("a"), heard(1, NOW - 50_000, NOW - heardMsAgo, "up"));
        Observed observed = new Observed(NOW - leadingMs, seen, Map.of(), Map.of(), Map.of(), Map.of(), Map.of());
        List<ClusterCommand> commands = Liveness.decide(state, observed, NOW, 1);
        if (decided.isEmpty()) {
            assertThat(commands).isEmpty();
        } else {
            assertThat(((ClusterCommand.SetPresence) commands.getFirst()).presence())
                    .isEqualTo(Presence.valueOf(decided));
        }
    }

    @Test
    void aStoreThatHasJustRegisteredIsGivenAWholeTimeoutToBeHeard() {
        ClusterState first = withStores(1, 1, "a");
        Observations observations = new Observations(0);
        observations.heard(first, id("a"), Fixtures.beat(first, id("a")), 99_000);
        observations.running(first, 99_000);
        ClusterState again = after(first, register(id("a"), ""));
        observations.running(again, 100_000);
        observations.running(again, 109_000);
        assertThat(Liveness.decide(again, observations.snapshot(), 109_999, 1)).isEmpty();
        assertThat(Liveness.decide(again, observations.snapshot(), 110_000, 1))
                .extracting(command -> ((ClusterCommand.SetPresence) command).presence())
                .containsExactly(Presence.DOWN);
    }

    @Test
    void aStoreThatRegistersAgainAndAgainWithoutAHeartbeatHasThatTimeOnce() {
        ClusterState state = Fixtures.initialized(1, 1, 1);
        Observations observations = new Observations(0);
        observations.running(state, 90_000);
        for (long at = 100_000; at <= 112_000; at += 6_000) {
            state = after(state, register(id("a"), ""));
            observations.running(state, at);
            int expected = at < 110_000 ? 0 : 1;
            assertThat(Liveness.decide(state, observations.snapshot(), at, 1)).hasSize(expected);
        }
    }

    @Test
    void whoMayHaveBeenHeardByTheLeaderBeforeIsGivenAWholeTimeoutWhenItRegisters() {
        ClusterState state = withStores(1, 1, "a");
        Observations observations = new Observations(100_000);
        observations.running(state, 100_000);
        ClusterState again = after(state, register(id("a"), ""));
        observations.running(again, 140_000);
        assertThat(Liveness.decide(again, observations.snapshot(), 140_000, 1)).isEmpty();
    }

    @Test
    void theNewestTermNamesTheLeaderWhoeverReportsIt() {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c"), "a b c");
        ShardRecord shard = state.shards().get(0);
        Observations observations = new Observations(0);
        heardReport(observations, state, "a", 1, 4);
        assertThat(leader(observations)).isEqualTo(1);
        heardReport(observations, state, "b", 3, 6);
        assertThat(leader(observations)).as("a follower of a newer term").isEqualTo(3);
        heardReport(observations, state, "a", 1, 5);
        assertThat(leader(observations)).as("a deposed leader").isEqualTo(3);
        heardReport(observations, state, "a", 0, 9);
        assertThat(leader(observations)).as("a candidate names nobody").isEqualTo(3);
        assertThat(shard.replicas()).hasSize(3);
    }

    @Test
    void aGapBeginsANewSeries() {
        ClusterState state = withStores(1, 1, "a");
        Observations observations = new Observations(0);
        for (long at : new long[] {1_000, 2_000, 3_000}) {
            observations.heard(state, id("a"), Fixtures.beat(state, id("a")), at);
        }
        assertThat(observations.snapshot().store(id("a")).orElseThrow().sinceMs())
                .isEqualTo(1_000);
        observations.heard(state, id("a"), Fixtures.beat(state, id("a")), 9_000);
        assertThat(observations.snapshot().store(id("a")).orElseThrow().sinceMs())
                .isEqualTo(9_000);
    }

    @Test
    void reportsOfReplicasThatTheMapDoesNotKnowCountForNothing() {
        ClusterState state = placed(withStores(1, 2, "a", "b"), "a b");
        Observations observations = new Observations(0);
        HeartbeatRequest stranger = Fixtures.beat(state, id("a"), "a");
        observations.heard(state, id("b"), stranger, 1_000);
        assertThat(observations.snapshot().store(id("b")).orElseThrow().replicas())
                .isEmpty();
        assertThat(observations.snapshot().leaders()).isEmpty();
    }

    @Test
    void aShardIsLeftAloneTwiceAsLongAfterEachFailedTransfer() {
        Observations observations = new Observations(0);
        observations.transferEnded(0, false, 0);
        assertThat(observations.snapshot().transferNotBeforeMs()).containsEntry(0, 30_000L);
        observations.transferEnded(0, false, 0);
        assertThat(observations.snapshot().transferNotBeforeMs()).containsEntry(0, 60_000L);
        for (int i = 0; i < 20; i++) {
            observations.transferEnded(0, false, 0);
        }
        assertThat(observations.snapshot().transferNotBeforeMs()).containsEntry(0, 600_000L);
        observations.transferEnded(0, true, 0);
        assertThat(observations.snapshot().transferNotBeforeMs()).isEmpty();
    }

    private static void heardReport(
            Observations observations, ClusterState state, String store, long leader, int term) {
        ShardRecord shard = state.shards().get(0);
        observations.heard(
                state,
                id(store),
                new HeartbeatRequest(
                        store,
                        id(store).diskId(),
                        1,
                        "up",
                        List.of(Fixtures.report(shard, shard.on(id(store)).orElseThrow(), leader, term, 10)),
                        List.of(),
                        List.of(),
                        0,
                        0),
                NOW);
    }

    private static long leader(Observations observations) {
        return observations.snapshot().leader(0, NOW).orElseThrow().replica();
    }
}
