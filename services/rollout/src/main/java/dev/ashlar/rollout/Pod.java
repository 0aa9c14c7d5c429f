package dev.ashlar.rollout;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A pod of a StatefulSet.
 *
 * @param revision the controller revision it was made from
 * @param running whether a container of it runs: one that does not run gives no vote that a restart could take away
 */
public record Pod(int ordinal, String revision, boolean ready, boolean running, String image) {

    /** The pods of the set {@code name} in a PodList; pods that are going away are not ready. */
    static List<Pod> of(String name, JsonNode list) {
        List<Pod> pods = new ArrayList<>();
        for (JsonNode item : list.path("items")) {
            JsonNode metadata = item.path("metadata");
            String podName = metadata.path("name").asText();
            String ordinal = podName.startsWith(name + "-") ? podName.substring(name.length() + 1) : "";
            if (!ordinal.matches("[0-9]{1,6}")) {
                continue;
            }
            boolean leaving = metadata.has("deletionTimestamp");
            pods.add(new Pod(
                    Integer.parseInt(ordinal),
                    metadata.path("labels").path("controller-revision-hash").asText(),
                    !leaving && isReady(item.path("status")),
                    isRunning(item.path("status")),
                    item.path("spec").path("containers").path(0).path("image").asText()));
        }
        return pods;
    }

    private static boolean isReady(JsonNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private static boolean isRunning(JsonNode status) {
        for (JsonNode container : status.path("containerStatuses")) {
            if (container.path("state").has("running")) {
                return true;
            }
        }
        return false;
    }
}
