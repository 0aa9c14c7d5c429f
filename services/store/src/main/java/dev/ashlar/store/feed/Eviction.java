package dev.ashlar.store.feed;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Who must go when the watches of a store have as much unsent as all of them may (S8).
 *
 * <ol>
 *   <li>Only clients that have taken nothing for a while: whoever reads, however slowly, stays.
 *   <li>Of those the ones that have taken nothing for the longest time, until a quarter of the room is free.
 *   <li>Not again before the connections of the last ones can have been closed, since their bytes count until then.
 * </ol>
 *
 * <p>The feed's thread.
 */
final class Eviction {
    static final long QUIET_NANOS = 1_000_000_000;
    static final long PAUSE_NANOS = 2_000_000_000;

    private long nextNanos = System.nanoTime();

    /** The watches to end now; {@code all} may have closed ones. */
    List<Subscription> due(List<Subscription> all, long bytesMax, long nowNanos) {
        if (nextNanos - nowNanos > 0) {
            return List.of();
        }
        List<Subscription> quiet = all.stream()
                .filter(each -> !each.closed() && each.unsentBytes() > 0)
                .filter(each -> nowNanos - each.progressNanos() > QUIET_NANOS)
                .sorted(Comparator.comparingLong(each -> each.progressNanos() - nowNanos))
                .toList();
        List<Subscription> due = new ArrayList<>();
        long bytes = 0;
        for (Subscription each : quiet) {
            if (bytes >= bytesMax / 4) {
                break;
            }
            bytes += each.unsentBytes();
            due.add(each);
        }
        if (!due.isEmpty()) {
            nextNanos = nowNanos + PAUSE_NANOS;
        }
        return due;
    }
}
