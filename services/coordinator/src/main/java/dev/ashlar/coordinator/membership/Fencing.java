package dev.ashlar.coordinator.membership;

import dev.ashlar.common.StoreId;
import dev.ashlar.coordinator.state.ClusterState;
import dev.ashlar.coordinator.state.StoreRecord;

/**
 * Which process of a name is the right one (S5): the one with the highest incarnation. An older one must stop serving,
 * whatever disk it is on.
 */
public final class Fencing {
    private Fencing() {}

    /** What to tell a process that sends a heartbeat. */
    public enum Verdict {
        ACCEPTED,
        /** A newer process has the name. */
        FENCED,
        /** It never registered here: another cluster, or it made the number up. */
        UNKNOWN
    }

    public static Verdict judge(ClusterState state, StoreId id, long incarnation) {
        if (state.highestIncarnation(id.name()) > incarnation) {
            return Verdict.FENCED;
        }
        return state.store(id)
                .map(StoreRecord::incarnation)
                .filter(known -> known == incarnation)
                .map(known -> Verdict.ACCEPTED)
                .orElse(Verdict.UNKNOWN);
    }
}
