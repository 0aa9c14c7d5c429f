package dev.ashlar.coordinator.membership;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.HeartbeatRequest;
import dev.ashlar.common.cluster.ReplicaCheck;
import dev.ashlar.coordinator.Fixtures;
import dev.ashlar.coordinator.placement.LeaderSpread;
import dev.ashlar.coordinator.state.ClusterCommand;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.view.Health;

import static dev.ashlar.coordinator.Fixtures.NOW;
import static dev.ashlar.coordinator.Fixtures.id;
import static dev.ashlar.coordinator.Fixtures.placed;
import static dev.ashlar.coordinator.Fixtures.withStores;
import static org.assertj.core.api.Assertions.assertThat;

class IntegrityTest {
    @ParameterizedTest(name = "{0} of voters {1}: {2}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "1=x 2=x 3=x       | 1 2 3     | -",
                "1=x 2=y 3=x       | 1 2 3     | 2",
                "1=y 2=x 3=x       | 1 2 3     | 1",
                // Two of three agree: enough. Two that differ: nobody knows which is right.
                "1=x 2=x           | 1 2 3     | -",
                "1=x 2=y           | 1 2 3     | -",
                "1=x 2=y 3=z       | 1 2 3     | -",
                "1=x 2=y           | 1 2       | -",
                "1=x 2=x 3=y 4=z 5=x | 1 2 3 4 5 | 3 4",
                // A learner is judged, and judges not.
                "1=x 2=x 9=y       | 1 2 3     | 9",
                "1=x 9=y 8=y       | 1 2 3     | -",
            })
    void moreThanHalfOfTheVotersAreRight(String checksums, String voters, String differing) {
        Map<Long, String> at = new HashMap<>();
        for (String each : checksums.strip().split(" +")) {
            at.put(Long.parseLong(each.split("=")[0]), each.split("=")[1]);
        }
        List<Long> voting = new ArrayList<>();
        for (String each : voters.strip().split(" +")) {
            voting.add(Long.parseLong(each));
        }
        List<Long> expected = new ArrayList<>();
        for (String each : differing == null ? new String[0] : differing.strip().split(" +")) {
            expected.add(Long.parseLong(each));
        }
        assertThat(Integrity.differing(at, voting).keySet()).containsExactlyElementsOf(expected);
    }

    @Test
    void aReplicaThatDiffersIsNamedAndLosesItsPreference() {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c"), "a b c");
        Observations observations = new Observations(0);
        Map<String, String> checksums = Map.of("a", "bad", "b", "good", "c", "good");
        for (long at = NOW - 20_000; at <= NOW; at += 1_000) {
            for (String name : List.of("a", "b", "c")) {
                observations.heard(state, id(name), beat(state, id(name), 7, checksums.get(name), ""), at);
            }
        }
        observations.running(state, NOW);
        Observed observed = observations.snapshot();

        assertThat(observed.isDamaged(0, 1)).isTrue();
        assertThat(observed.damaged().get(0)).containsOnlyKeys(1L);
        assertThat(LeaderSpread.decide(state, observed, NOW, 1)).singleElement().satisfies(command -> {
            var prefer = (ClusterCommand.SetPreferredLeader) command;
            assertThat(prefer.replica()).isNotEqualTo(1);
            assertThat(prefer.reason()).isEqualTo("the preferred replica is damaged");
        });
        assertThat(Health.of(state, observed, List.of(), NOW).problems())
                .anyMatch(
                        problem -> problem.startsWith("shard 0: the replica on a is damaged: its checksum at index 7"));
    }

    @Test
    void whatAStoreSaysOfItsDiskCountsAtOnceAndStays() {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c"), "a b c");
        Observations observations = new Observations(0);
        observations.heard(state, id("b"), beat(state, id("b"), 0, "", "Corruption block checksum mismatch"), NOW);
        observations.heard(state, id("b"), beat(state, id("b"), 0, "", ""), NOW + 1);
        observations.running(state, NOW + 1);
        assertThat(observations.snapshot().damaged().get(0)).containsEntry(2L, "Corruption block checksum mismatch");
    }

    @Test
    void checksumsOfDifferentIndexesAreNotCompared() {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c"), "a b c");
        Observations observations = new Observations(0);
        observations.heard(state, id("a"), beat(state, id("a"), 7, "x", ""), NOW);
        observations.heard(state, id("b"), beat(state, id("b"), 8, "y", ""), NOW);
        observations.heard(state, id("c"), beat(state, id("c"), 8, "y", ""), NOW);
        observations.running(state, NOW);
        assertThat(observations.snapshot().damaged()).isEmpty();
    }

    /** A store may only speak of the replica that the map gives it. */
    @Test
    void nobodySpeaksForAnother() {
        ClusterState state = placed(withStores(1, 3, "a", "b", "c"), "a b c");
        Observations observations = new Observations(0);
        HeartbeatRequest beat = Fixtures.beat(state, id("a"), "a");
        observations.heard(state, id("a"), with(beat, List.of(new ReplicaCheck(0, 2, 0, 0, "", "broken"))), NOW);
        observations.running(state, NOW);
        assertThat(observations.snapshot().damaged()).isEmpty();
    }

    private static HeartbeatRequest beat(
            ClusterState state, StoreId store, long index, String checksum, String damage) {
        long replica = state.shards().get(0).on(store).orElseThrow().replica();
        return with(
                Fixtures.beat(state, store, "a"), List.of(new ReplicaCheck(0, replica, index, 40, checksum, damage)));
    }

    private static HeartbeatRequest with(HeartbeatRequest beat, List<ReplicaCheck> checks) {
        return new HeartbeatRequest(
                beat.name(),
                beat.diskId(),
                beat.incarnation(),
                beat.state(),
                beat.replicas(),
                beat.results(),
                beat.alarms(),
                beat.dataBytes(),
                beat.diskFreeBytes(),
                beat.readiness(),
                beat.notices(),
                checks,
                beat.view());
    }
}
