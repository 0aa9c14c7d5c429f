package dev.ashlar.rollout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Which ordinals the StatefulSet controller may restart first, once a new template and partition are applied (S7).
 *
 * <ol>
 *   <li>The controller goes from the highest ordinal down to the partition. At the first pod of an old revision it deletes that
 *       pod, whatever the lower ordinals are doing: this is the hole the gate closes. At a pod that is not ready it stops.
 *   <li>With an unchanged template, each pod's revision tells whether it restarts. With a new one that is not known here (a
 *       revert comes back to an earlier revision), so every ordinal counts down to the first that is not ready.
 *   <li>Only the first restart is asked for. Every later one waits until the pod before is ready, and a pod is ready only when
 *       every shard it hosts is back at full strength.
 * </ol>
 */
public final class NextRestart {
    private NextRestart() {}

    /**
     * Ordinals of existing pods, highest first; empty when nothing restarts.
     *
     * @param live the StatefulSet as it is
     * @param template the pod template that is going to be applied, with defaults filled in as the API server does
     * @param partition the partition that is going to be applied
     * @param pods the pods of the set
     */
    public static List<Integer> candidates(JsonNode live, JsonNode template, int partition, List<Pod> pods) {
        JsonNode claims = live.path("spec").path("volumeClaimTemplates");
        boolean same = bare(template, claims).equals(bare(live.path("spec").path("template"), claims));
        String revision = live.path("status").path("updateRevision").asText();
        List<Integer> candidates = new ArrayList<>();
        for (int ordinal = live.path("spec").path("replicas").asInt(1) - 1; ordinal >= partition; ordinal--) {
            int wanted = ordinal;
            Optional<Pod> pod = pods.stream().filter(p -> p.ordinal() == wanted).findFirst();
            boolean restarts = pod.isPresent() && !(same && pod.get().revision().equals(revision));
            if (restarts) {
                candidates.add(ordinal);
            }
            boolean ready = pod.isPresent() && pod.get().ready();
            if (!ready || (same && restarts)) {
                break;
            }
        }
        return candidates;
    }

    /** Without what differs between two objects that mean the same, and without volumes that stand in for claims. */
    private static JsonNode bare(JsonNode template, JsonNode claims) {
        JsonNode copy = template.deepCopy();
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove(List.of("creationTimestamp", "name"));
        }
        Set<String> claimed = new HashSet<>();
        claims.forEach(claim -> claimed.add(claim.path("metadata").path("name").asText()));
        Iterator<JsonNode> volumes = copy.path("spec").path("volumes").iterator();
        while (volumes.hasNext()) {
            if (claimed.contains(volumes.next().path("name").asText())) {
                volumes.remove();
            }
        }
        return copy;
    }
}
