package dev.ashlar.rollout;

import java.util.Optional;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

/** Pure: whether a pod cannot come up by waiting. */
final class Stuck {
    private static final int RESTARTS_MIN = 3;
    private static final Set<String> NEVER_STARTS = Set.of(
            "ImagePullBackOff",
            "ErrImageNeverPull",
            "InvalidImageName",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError");

    private Stuck() {}

    /** The reason in words; empty when there is none, or not yet: a first crash may be the last. */
    static Optional<String> reason(JsonNode pod) {
        String name = pod.path("metadata").path("name").asText();
        for (JsonNode container : pod.path("status").path("containerStatuses")) {
            JsonNode waiting = container.path("state").path("waiting");
            String word = waiting.path("reason").asText();
            int restarts = container.path("restartCount").asInt(0);
            if (NEVER_STARTS.contains(word)) {
                return Optional.of(
                        name + ": " + word + ": " + waiting.path("message").asText());
            }
            if (word.equals("CrashLoopBackOff") && restarts >= RESTARTS_MIN) {
                JsonNode last = container.path("lastState").path("terminated");
                return Optional.of(name + ": CrashLoopBackOff after " + restarts + " restarts, exit code "
                        + last.path("exitCode").asInt() + " "
                        + last.path("reason").asText());
            }
        }
        return Optional.empty();
    }
}
