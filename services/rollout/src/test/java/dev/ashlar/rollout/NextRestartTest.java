package dev.ashlar.rollout;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class NextRestartTest {
    private static final String OLD = "{\"metadata\":{\"creationTimestamp\":null},\"spec\":{\"image\":\"a:1\"}}";
    private static final String NEW = "{\"metadata\":{},\"spec\":{\"image\":\"a:2\"}}";

    @Test
    void newTemplateAsksForTheHighestOrdinalsDownToTheFirstThatIsNotReady() {
        assertThat(candidates(NEW, 0, pods("r1+", "r1+", "r1+"))).containsExactly(2, 1, 0);
        assertThat(candidates(NEW, 0, pods("r1+", "r1-", "r1+"))).containsExactly(2, 1);
    }

    @Test
    void lowestPodDownStillAsksForTheHighest() {
        assertThat(candidates(NEW, 0, pods("r1-", "r1+", "r1+"))).contains(2);
    }

    @Test
    void partitionKeepsLowerOrdinalsOut() {
        assertThat(candidates(NEW, 2, pods("r1+", "r1+", "r1+"))).containsExactly(2);
        assertThat(candidates(NEW, 3, pods("r1+", "r1+", "r1+"))).isEmpty();
    }

    @Test
    void revertOfBrokenCanaryAsksForTheCanaryAlone() {
        assertThat(candidates(NEW, 0, pods("r1+", "r1+", "r2-"))).containsExactly(2);
    }

    @Test
    void sameTemplateRestartsNothingWhenAllPodsHaveIt() {
        assertThat(candidates(OLD, 0, pods("r1+", "r1-", "r1+"))).isEmpty();
    }

    @Test
    void lowerPartitionOfTheSameTemplateAsksForTheNextPodAlone() {
        assertThat(candidates(OLD, 1, pods("r0+", "r0+", "r1+"))).containsExactly(1);
        assertThat(candidates(OLD, 0, pods("r0+", "r0+", "r1+"))).containsExactly(1);
    }

    @Test
    void controllerWaitsForAnUpdatedPodThatIsNotReady() {
        assertThat(candidates(OLD, 0, pods("r0+", "r0+", "r1-"))).isEmpty();
    }

    @Test
    void volumeThatStandsInForClaimIsNoDifference() {
        String withData = "{\"metadata\":{},\"spec\":{\"image\":\"a:1\",\"volumes\":[{\"name\":\"data\"}]}}";
        JsonNode live = json(
                "{\"spec\":{\"replicas\":3,\"volumeClaimTemplates\":[{\"metadata\":{\"name\":\"data\"}}],\"template\":"
                        + "{\"spec\":{\"image\":\"a:1\",\"volumes\":[]},\"metadata\":{}}},\"status\":{\"updateRevision\":\"r1\"}}");
        assertThat(NextRestart.candidates(live, json(withData), 0, pods("r1+", "r1+", "r1+")))
                .isEmpty();
        JsonNode other = json(withData.replace("data", "cache"));
        assertThat(NextRestart.candidates(live, other, 0, pods("r1+", "r1+", "r1+")))
                .isNotEmpty();
    }

    @Test
    void missingPodEndsTheSearch() {
        assertThat(candidates(NEW, 0, pods("r1+", "r1+", ""))).isEmpty();
    }

    private static List<Integer> candidates(String template, int partition, List<Pod> pods) {
        JsonNode live =
                json("{\"spec\":{\"replicas\":3,\"template\":" + OLD + "},\"status\":{\"updateRevision\":\"r1\"}}");
        return NextRestart.candidates(live, json(template), partition, pods);
    }

    /** A word for each ordinal: revision and + when it is ready; an empty one is a pod that does not exist. */
    private static List<Pod> pods(String... words) {
        List<Pod> pods = new ArrayList<>();
        for (int ordinal = 0; ordinal < words.length; ordinal++) {
            if (!words[ordinal].isEmpty()) {
                boolean ready = words[ordinal].endsWith("+");
                pods.add(new Pod(ordinal, words[ordinal].substring(0, 2), ready, ready, "a:1"));
            }
        }
        return pods;
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
