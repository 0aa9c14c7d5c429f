package dev.ashlar.raft.transport;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which process of a name may speak (S5).
 *
 * <ol>
 *   <li>The highest incarnation seen for a name wins for as long as this process runs; a lower one is refused.
 *   <li>Of two processes that show the same incarnation, the one seen first wins: the other has another disk id.
 *   <li>A higher incarnation is remembered at once; the caller closes what the older process has open.
 * </ol>
 *
 * Thread-safe.
 */
final class Fence {
    private record Seen(long incarnation, String nodeId) {}

    private final Map<String, Seen> highest = new HashMap<>();
    private final int namesMax;

    Fence(int namesMax) {
        this.namesMax = namesMax;
    }

    /** Why the process is refused, or empty when it may speak. */
    synchronized Optional<String> admit(String nodeId, long incarnation) {
        String name = nameOf(nodeId);
        Seen seen = highest.get(name);
        if (seen == null) {
            if (highest.size() >= namesMax) {
                return Optional.of("more than " + namesMax + " process names");
            }
        } else if (incarnation < seen.incarnation) {
            return Optional.of("incarnation " + incarnation + " of " + nodeId + " is older than " + seen.incarnation);
        } else if (incarnation == seen.incarnation) {
            return seen.nodeId.equals(nodeId)
                    ? Optional.empty()
                    : Optional.of("incarnation " + incarnation + " of " + name + " belongs to " + seen.nodeId);
        }
        highest.put(name, new Seen(incarnation, nodeId));
        return Optional.empty();
    }

    /** Whether a process that was admitted still is the newest of its name. */
    synchronized boolean isCurrent(String nodeId, long incarnation) {
        Seen seen = highest.get(nameOf(nodeId));
        return seen != null && seen.incarnation == incarnation && seen.nodeId.equals(nodeId);
    }

    /** The name in a node id {@code name.diskid}. */
    static String nameOf(String nodeId) {
        int dot = nodeId.lastIndexOf('.');
        return dot < 0 ? nodeId : nodeId.substring(0, dot);
    }
}
