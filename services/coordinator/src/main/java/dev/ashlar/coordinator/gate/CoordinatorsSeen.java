package dev.ashlar.coordinator.gate;

import java.util.List;
import java.util.Map;

/**
 * The coordinators' own group as its leader sees it. Names are those of the processes.
 *
 * @param members voters of the group
 * @param learners members that do not vote yet, such as one that lost its disk and is being taken in again
 * @param silent members that have not answered for a while
 * @param lagEntries by member, what it is known to lack of the leader's log
 * @param diskFull whether the leader refuses writes for want of disk space
 */
public record CoordinatorsSeen(
        List<String> members,
        List<String> learners,
        List<String> silent,
        Map<String, Long> lagEntries,
        boolean diskFull) {
    public CoordinatorsSeen {
        members = List.copyOf(members);
        learners = List.copyOf(learners);
        silent = List.copyOf(silent);
        lagEntries = Map.copyOf(lagEntries);
    }
}
