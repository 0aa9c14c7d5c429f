package dev.ashlar.common.cluster;

import java.util.List;

/** The answer of {@code GET /v1/gate}. {@code verdict} is proceed, without reasons, or hold with at least one. */
public record GateAnswer(String verdict, List<String> reasons) {
    public static final String PROCEED = "proceed";
    public static final String HOLD = "hold";

    /** Proceed unless something speaks against it. */
    public static GateAnswer of(List<String> reasons) {
        return new GateAnswer(reasons.isEmpty() ? PROCEED : HOLD, List.copyOf(reasons));
    }
}
