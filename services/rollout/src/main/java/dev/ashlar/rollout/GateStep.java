package dev.ashlar.rollout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * May the sync touch pods? Looked at again by the caller while the answer is no.
 *
 * <ol>
 *   <li>No StatefulSet yet: the first install, proceed.
 *   <li>Fewer replicas by more than one: hold. The controller would stop all that are too many at the same time.
 *   <li>Find the ordinals that may restart first ({@link NextRestart}), and the one that goes; none: proceed.
 *   <li>A pod of which no container runs may be replaced: that takes nothing away, and it must be possible while the
 *       coordinators cannot be asked, or a broken version could not be rolled back.
 *   <li>The coordinators' gate decides for each ordinal. No answer holds.
 *   <li>Coordinators: besides, their group must have as many voters as the StatefulSet has replicas. Ready pods say nothing
 *       about votes: one that lost its disk may follow a leader before it votes.
 * </ol>
 */
final class GateStep {
    private static final String NEXT_REPLICAS = "ashlar.dev/next-replicas";

    private final Kubernetes kubernetes;
    private final Services services;
    private final String set;

    GateStep(Kubernetes kubernetes, Services services, String set) {
        this.kubernetes = kubernetes;
        this.services = services;
        this.set = set;
    }

    Outcome look() throws ApiFailure {
        Optional<JsonNode> live = kubernetes.statefulSet(set);
        if (live.isEmpty()) {
            return Outcome.good("there is no StatefulSet " + set + " yet: first install");
        }
        JsonNode next = kubernetes
                .podTemplate(set + "-next")
                .orElseThrow(() -> new ApiFailure("there is no PodTemplate " + set + "-next to compare with"));
        int partition = number(next, "ashlar.dev/next", "partition:");
        List<Pod> pods = kubernetes.pods(set);
        int replicas = live.get().path("spec").path("replicas").asInt(1);
        boolean told = next.path("metadata").path("annotations").has(NEXT_REPLICAS);
        int wanted = told ? number(next, NEXT_REPLICAS, "replicas:") : replicas;
        if (!oneAtATime(replicas, wanted).good()) {
            return oneAtATime(replicas, wanted);
        }
        SortedSet<Integer> candidates =
                new TreeSet<>(NextRestart.candidates(live.get(), next.path("template"), partition, pods));
        if (wanted < replicas && pods.stream().anyMatch(p -> p.ordinal() == wanted)) {
            candidates.add(wanted);
        }
        if (candidates.isEmpty()) {
            return Outcome.good("no pod of " + set + " restarts");
        }
        List<String> proceeds = new ArrayList<>();
        List<String> holds = new ArrayList<>();
        for (int ordinal : candidates) {
            Pod pod = pods.stream()
                    .filter(p -> p.ordinal() == ordinal)
                    .findFirst()
                    .orElseThrow();
            Outcome answer = !pod.running()
                    ? Outcome.good("its container does not run")
                    : set.equals("coordinator") ? coordinator(ordinal, replicas) : services.gate(set, ordinal);
            String name = set + "-" + ordinal + ": ";
            answer.reasons().forEach(reason -> (answer.good() ? proceeds : holds).add(name + reason));
        }
        return holds.isEmpty() ? new Outcome(true, proceeds) : new Outcome(false, holds);
    }

    private Outcome coordinator(int ordinal, int replicas) throws ApiFailure {
        List<String> missing = coordinatorProblems(services.cluster(), replicas);
        return missing.isEmpty() ? services.gate(set, ordinal) : new Outcome(false, missing);
    }

    /**
     * Pure: what the coordinators' group lacks, by what {@code GET /v1/cluster} says; empty at full strength. That one of
     * them is silent is left to the gate, which knows which one is to restart.
     */
    static List<String> coordinatorProblems(JsonNode cluster, int replicas) {
        if (!cluster.path("authoritative").asBoolean()) {
            return List.of("the coordinators' leader did not answer");
        }
        int voters = cluster.path("coordinators").size();
        return voters < replicas
                ? List.of("the coordinators' group has " + voters + " of " + replicas + " voters")
                : List.of();
    }

    /** Pure: whether so many pods go that the controller would stop two at the same time. */
    static Outcome oneAtATime(int replicas, int wanted) {
        String text = "from " + replicas + " to " + wanted + " replicas";
        return wanted >= replicas - 1
                ? Outcome.good(text)
                : Outcome.bad(text + " in one commit would stop several pods at once: take away one a commit");
    }

    /** kustomize can put a number only into a longer text: {@code partition:2}. */
    private static int number(JsonNode next, String annotation, String before) throws ApiFailure {
        String text = next.path("metadata")
                .path("annotations")
                .path(annotation)
                .asText()
                .replace(before, "");
        if (!text.matches("[0-9]{1,6}")) {
            throw new ApiFailure("the PodTemplate does not tell the " + before + " '" + text + "'");
        }
        return Integer.parseInt(text);
    }
}
