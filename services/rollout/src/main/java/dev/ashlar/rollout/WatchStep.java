package dev.ashlar.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Does the rollout get on? Runs beside it, from the moment the StatefulSet is applied.
 *
 * <ol>
 *   <li>Good as soon as the controller has seen the newest version and every pod is ready and of the right revision.
 *   <li>A pod that cannot come up by waiting ({@link Stuck}) is written to the annotation {@code ashlar.dev/stuck} of the
 *       StatefulSet, with the generation it is about; Argo CD's health check calls a set with it Degraded. Otherwise the sync
 *       would wait for ever, and a revert behind it, since a StatefulSet itself never says that it failed.
 *   <li>A rollout that does not get one pod on within the time is called stuck too; the mark means nothing once every pod is
 *       available. How many pods there are does not matter.
 * </ol>
 */
final class WatchStep {
    private final Kubernetes kubernetes;
    private final String set;

    WatchStep(Kubernetes kubernetes, String set) {
        this.kubernetes = kubernetes;
        this.set = set;
    }

    Outcome look() throws ApiFailure {
        JsonNode live = kubernetes.statefulSet(set).orElseThrow(() -> new ApiFailure("there is no StatefulSet " + set));
        JsonNode list = kubernetes.podList(set);
        List<Pod> pods = Pod.of(set, list);
        List<String> problems = VerifyStep.pods(live, pods);
        if (problems.isEmpty()) {
            return Outcome.good("every pod of " + set + " is ready and of the right version");
        }
        List<String> stuck = new ArrayList<>();
        for (JsonNode pod : list.path("items")) {
            if (!pod.path("metadata").has("deletionTimestamp")) {
                Stuck.reason(pod).ifPresent(stuck::add);
            }
        }
        if (stuck.isEmpty()) {
            return Outcome.notYet(done(live, pods), problems);
        }
        markStuck(stuck);
        return Outcome.over(stuck);
    }

    /** Pure: the pods that are ready and of the revision that is rolled out. */
    static int done(JsonNode live, List<Pod> pods) {
        String revision = live.path("status").path("updateRevision").asText();
        return (int) pods.stream()
                .filter(pod -> pod.ready() && pod.revision().equals(revision))
                .count();
    }

    /** Says that the version which is applied now does not get on. */
    void markStuck(List<String> reasons) throws ApiFailure {
        JsonNode live = kubernetes.statefulSet(set).orElseThrow(() -> new ApiFailure("there is no StatefulSet " + set));
        String generation = live.path("metadata").path("generation").asText();
        String stuck = String.join("; ", reasons);
        kubernetes.annotateStatefulSet(
                set, Map.of("ashlar.dev/stuck", stuck, "ashlar.dev/stuck-generation", generation));
    }
}
