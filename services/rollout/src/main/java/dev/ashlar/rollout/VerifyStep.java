package dev.ashlar.rollout;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Is all well after a sync? Looked at again by the caller while it is not.
 *
 * <ol>
 *   <li>The controller has seen the newest object, every pod is ready, and each pod from the partition up has the revision
 *       and image it should have.
 *   <li>Of stores: the coordinators call the cluster {@code ok}: every shard has its voters, and every replica exists, runs and
 *       has caught up. A write through the client Service is read back.
 *   <li>Of coordinators: their group has as many voters as there are replicas, and all of them answer.
 * </ol>
 */
final class VerifyStep {
    private final Kubernetes kubernetes;
    private final Services services;
    private final String set;

    VerifyStep(Kubernetes kubernetes, Services services, String set) {
        this.kubernetes = kubernetes;
        this.services = services;
        this.set = set;
    }

    Outcome look() throws ApiFailure {
        JsonNode live = kubernetes.statefulSet(set).orElseThrow(() -> new ApiFailure("there is no StatefulSet " + set));
        List<String> problems = new ArrayList<>(pods(live, kubernetes.pods(set)));
        if (set.equals("store")) {
            problems.addAll(services.clusterProblems());
            if (problems.isEmpty()) {
                problems.addAll(services.probe());
            }
        }
        if (set.equals("coordinator")) {
            problems.addAll(coordinators(
                    services.cluster(), live.path("spec").path("replicas").asInt(1)));
        }
        if (!problems.isEmpty()) {
            return new Outcome(false, problems);
        }
        return Outcome.good("all " + live.path("spec").path("replicas").asInt(1) + " pods ready, " + image(live)
                + (set.equals("store") ? ", full strength, written and read back" : ", all of them vote"));
    }

    /** Pure: what the coordinators' group lacks. What is wrong with stores is no matter of theirs. */
    static List<String> coordinators(JsonNode cluster, int replicas) {
        List<String> problems = new ArrayList<>(GateStep.coordinatorProblems(cluster, replicas));
        for (JsonNode problem : cluster.path("problems")) {
            if (problem.asText().contains("(coordinator)")) {
                problems.add(problem.asText());
            }
        }
        return problems;
    }

    /** Pure: what is wrong with the pods. */
    static List<String> pods(JsonNode live, List<Pod> pods) {
        JsonNode spec = live.path("spec");
        int replicas = spec.path("replicas").asInt(1);
        int partition = spec.path("updateStrategy")
                .path("rollingUpdate")
                .path("partition")
                .asInt(0);
        String revision = live.path("status").path("updateRevision").asText();
        List<String> problems = new ArrayList<>();
        if (live.path("status").path("observedGeneration").asLong()
                < live.path("metadata").path("generation").asLong()) {
            problems.add("the StatefulSet controller has not seen the newest version");
        }
        long ready =
                pods.stream().filter(p -> p.ready() && p.ordinal() < replicas).count();
        if (ready < replicas) {
            problems.add(ready + " of " + replicas + " pods are ready");
        }
        for (Pod pod : pods) {
            if (pod.ordinal() >= partition
                    && pod.ordinal() < replicas
                    && !(pod.revision().equals(revision) && pod.image().equals(image(live)))) {
                problems.add("pod " + pod.ordinal() + " runs " + pod.image() + " of revision " + pod.revision()
                        + ", not " + image(live) + " of " + revision);
            }
        }
        return problems;
    }

    private static String image(JsonNode live) {
        return live.path("spec")
                .path("template")
                .path("spec")
                .path("containers")
                .path(0)
                .path("image")
                .asText();
    }
}
