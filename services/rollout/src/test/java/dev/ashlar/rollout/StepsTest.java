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
    void coordinatorRestartsWhenAMajorityStays() {
        assertThat(GateStep.coordinator(2, 3, List.of(pod(0, true), pod(1, true), pod(2, true)))
                        .good())
                .isTrue();
        assertThat(GateStep.coordinator(2, 3, List.of(pod(0, false), pod(1, true), pod(2, true)))
                        .good())
                .isFalse();
        assertThat(GateStep.coordinator(0, 3, List.of(pod(0, false), pod(1, true), pod(2, true)))
                        .good())
                .isTrue();
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

    private static Pod pod(int ordinal, boolean ready) {
        return new Pod(ordinal, "r1", ready, ready, "a:1");
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
