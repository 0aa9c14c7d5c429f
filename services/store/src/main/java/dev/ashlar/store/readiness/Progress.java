package dev.ashlar.store.readiness;

import java.util.List;

/**
 * Since when replicas have stood still that are to catch up. Time is an argument; not thread-safe.
 *
 * <ol>
 *   <li>Fewer replicas that are missing something, or fewer entries missing than ever before, is progress.
 *   <li>So is a log that grew here, even when what is missing grew with it: under load one may run after the leader.
 * </ol>
 */
final class Progress {
    /** Entries that a replica may lack and still be level. */
    static final long LAG_ENTRIES_MAX = 64;

    /** Where one replica stands. */
    record Standing(boolean led, long lagEntries, long appliedIndex) {
        private boolean isBehind() {
            return !led || lagEntries > LAG_ENTRIES_MAX;
        }
    }

    /** Where the own replicas stand that lack something: how many, entries they lack, entries they have applied. */
    record Mark(int replicasBehind, long entriesBehind, long entriesApplied) {
        /** What goes on in replicas that lack nothing is no progress of the others. */
        static Mark of(int replicasBehind, List<Standing> replicas) {
            List<Standing> behind = replicas.stream().filter(Standing::isBehind).toList();
            return new Mark(
                    replicasBehind,
                    behind.stream().mapToLong(Standing::lagEntries).sum(),
                    behind.stream().mapToLong(Standing::appliedIndex).sum());
        }

        private boolean isBeyond(Mark other) {
            return replicasBehind < other.replicasBehind
                    || entriesBehind < other.entriesBehind
                    || entriesApplied > other.entriesApplied;
        }

        /** This and what was best before. */
        private Mark best(Mark other) {
            return new Mark(
                    Math.min(replicasBehind, other.replicasBehind),
                    Math.min(entriesBehind, other.entriesBehind),
                    // Of fewer replicas: what the others have applied is not in it any more.
                    replicasBehind < other.replicasBehind
                            ? entriesApplied
                            : Math.max(entriesApplied, other.entriesApplied));
        }
    }

    private Mark best = new Mark(Integer.MAX_VALUE, Long.MAX_VALUE, -1);
    private long sinceMs;

    /** For how long nothing has got on, in milliseconds. */
    long standstillMs(Mark now, long nowMs) {
        if (now.isBeyond(best)) {
            best = now.best(best);
            sinceMs = nowMs;
        }
        return nowMs - sinceMs;
    }
}
