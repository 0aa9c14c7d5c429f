package dev.ashlar.coordinator.health;

import dev.ashlar.coordinator.boot.CoordinatorNode;
import dev.ashlar.raft.GroupStatus;

/**
 * Whether a replica knows a leader and has applied what it knows to be committed, but for what is on its way; and whether it
 * votes. The StatefulSet controller goes on to the next pod when this one is ready: one that was rebuilt and does not vote
 * yet would be counted for a majority that is not there.
 */
final class CaughtUp {
    private static final long LAG_ENTRIES_MAX = 1_000;
    private static final long STALENESS_MS_MAX = 10_000;

    private CaughtUp() {}

    static boolean votes(CoordinatorNode.Running running) {
        GroupStatus status = running.group().status();
        return status.voters().contains(status.local());
    }

    static boolean isCaughtUp(CoordinatorNode.Running running) {
        GroupStatus status = running.group().status();
        return status.leader().isPresent()
                && status.commitIndex() - status.appliedIndex() <= LAG_ENTRIES_MAX
                && running.group().stalenessMs() <= STALENESS_MS_MAX
                && running.group().state().initialized();
    }
}
