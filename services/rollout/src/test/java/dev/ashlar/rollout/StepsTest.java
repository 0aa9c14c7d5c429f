package dev.ashlar.rollout;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StepsTest {

    @Test
    void moreThanOnePodLessInOneCommitHolds() {
        assertThat(GateStep.oneAtATime(5, 3).good()).isFalse();
        assertThat(GateStep.oneAtATime(5, 3).reasons().getFirst()).contains("one a commit");
        assertThat(GateStep.oneAtATime(5, 4).good()).isTrue();
        assertThat(GateStep.oneAtATime(3, 5).good()).isTrue();
        assertThat(GateStep.oneAtATime(3, 3).good()).isTrue();
    }

    @Test
    void coordinatorsAreCountedByTheirVotesNotByReadyPods() {
        JsonNode whole = cluster(true, "ok", "coordinator-0", "coordinator-1", "coordinator-2");
        assertThat(GateStep.coordinatorProblems(whole, 3)).isEmpty();
        JsonNode learning = cluster(true, "ok", "coordinator-0", "coordinator-2");
        assertThat(GateStep.coordinatorProblems(learning, 3))
                .as("all three pods are ready, one of them is a learner")
                .containsExactly("the coordinators' group has 2 of 3 voters");
        assertThat(VerifyStep.coordinators(learning, 3)).hasSize(1);
        assertThat(GateStep.coordinatorProblems(cluster(false, "degraded"), 3))
                .containsExactly("the coordinators' leader did not answer");
    }

    @Test
    void afterACoordinatorsSyncTheStoresAreNoMatterOfTheirs() {
        String[] all = {"coordinator-0", "coordinator-1", "coordinator-2"};
        assertThat(VerifyStep.coordinators(cluster(true, "store-1 is down", all), 3))
                .isEmpty();
        assertThat(VerifyStep.coordinators(cluster(true, "coordinator-1 (coordinator) does not answer", all), 3))
                .containsExactly("coordinator-1 (coordinator) does not answer");
    }

    private static JsonNode cluster(boolean authoritative, String problem, String... voters) {
        String names = String.join("\"},{\"name\":\"", voters);
        return json("{\"authoritative\":" + authoritative + ",\"coordinators\":["
                + (voters.length == 0 ? "" : "{\"name\":\"" + names + "\"}") + "],\"problems\":[\"" + problem + "\"]}");
    }

    @Test
    void verifyTellsMissingAndOldPods() {
        JsonNode live =
                json("{\"metadata\":{\"generation\":2},\"spec\":{\"replicas\":2,\"template\":{\"spec\":{\"containers\":"
                        + "[{\"image\":\"a:2\"}]}}},\"status\":{\"observedGeneration\":2,\"updateRevision\":\"r2\"}}");
        Pod updated = new Pod(1, "r2", true, true, "a:2");
        assertThat(VerifyStep.pods(live, List.of(new Pod(0, "r2", true, true, "a:2"), updated)))
                .isEmpty();
        assertThat(VerifyStep.pods(live, List.of(updated))).containsExactly("1 of 2 pods are ready");
        assertThat(VerifyStep.pods(live, List.of(new Pod(0, "r1", true, true, "a:1"), updated)))
                .singleElement()
                .asString()
                .contains("pod 0 runs a:1");
    }

    @Test
    void theTimeToWatchBeginsAnewWithEachPodThatIsDone() {
        Patience patience = new Patience(100, 0);
        assertThat(patience.isOver(0, 99)).isFalse();
        assertThat(patience.isOver(1, 99)).as("a pod is done").isFalse();
        assertThat(patience.isOver(0, 150)).as("it restarts").isFalse();
        assertThat(patience.isOver(1, 198)).isFalse();
        assertThat(patience.isOver(1, 199)).as("no more came for a whole time").isTrue();
        assertThat(new Patience(100, 0).isOver(0, 100)).isTrue();

        JsonNode live = json("{\"status\":{\"updateRevision\":\"r2\"}}");
        assertThat(WatchStep.done(
                        live,
                        List.of(
                                new Pod(0, "r1", true, true, "a:1"),
                                new Pod(1, "r2", false, true, "a:2"),
                                new Pod(2, "r2", true, true, "a:2"))))
                .isEqualTo(1);
    }

    @Test
    void podsAreReadFromTheList() {
        JsonNode list = json(
                "{\"items\":[{\"metadata\":{\"name\":\"store-1\",\"labels\":{\"controller-revision-hash\":\"r1\"}},"
                        + "\"spec\":{\"containers\":[{\"image\":\"a:1\"}]},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}],"
                        + "\"containerStatuses\":[{\"state\":{\"running\":{}}}]}},{\"metadata\":{\"name\":\"store-gate-x1\"}},"
                        + "{\"metadata\":{\"name\":\"store-2\",\"deletionTimestamp\":\"now\"},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}]}");
        assertThat(Pod.of("store", list))
                .containsExactly(new Pod(1, "r1", true, true, "a:1"), new Pod(2, "", false, false, ""));
    }

    @Test
    void crashLoopAndMissingImageAreStuck() {
        assertThat(Stuck.reason(waiting("CrashLoopBackOff", 2))).isEmpty();
        assertThat(Stuck.reason(waiting("CrashLoopBackOff", 3)))
                .hasValueSatisfying(text -> assertThat(text).contains("store-2", "after 3 restarts"));
        assertThat(Stuck.reason(waiting("ContainerCreating", 0))).isEmpty();
        assertThat(Stuck.reason(waiting("ErrImagePull", 0)))
                .as("the next pull may do")
                .isEmpty();
        assertThat(Stuck.reason(waiting("ImagePullBackOff", 0))).isPresent();
    }

    private static JsonNode waiting(String reason, int restarts) {
        return json("{\"metadata\":{\"name\":\"store-2\"},\"status\":{\"containerStatuses\":[{\"restartCount\":"
                + restarts + ",\"state\":{\"waiting\":{\"reason\":\"" + reason + "\"}}}]}}");
    }

    @Test
    void onlyTheJobsWordsAreTaken() {
        assertThat(SyncJob.isAsked("gate", "store")).isTrue();
        assertThat(SyncJob.isAsked()).isFalse();
        assertThat(SyncJob.isAsked("serve")).isFalse();
        assertThat(SyncJob.run(new String[] {"gate", "etcd"}, Map.of())).isEqualTo(2);
        assertThat(SyncJob.run(new String[] {"gate", "store"}, Map.of()))
                .as("not in a cluster")
                .isEqualTo(3);
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
