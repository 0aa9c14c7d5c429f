package dev.ashlar.store.readiness;

/**
 * Since when replicas have stood still that are to catch up. Time is an argument; not thread-safe.
 *
 * <ol>
 *   <li>Fewer replicas that are missing something, or fewer entries missing than ever before, is progress.
 *   <li>So is a log that grew here, even when what is missing grew with it: under load one may run after the leader.
 * </ol>
 */
final class Progress {
    /** Where the own replicas stand: replicas that lack something, entries they lack, entries they have applied. */
    record Mark(int replicasBehind, long entriesBehind, long entriesApplied) {
        private boolean isBeyond(Mark other) {
            return replicasBehind < other.replicasBehind
                    || entriesBehind < other.entriesBehind
                    || entriesApplied > other.entriesApplied;
        }

        private Mark best(Mark other) {
            return new Mark(
                    Math.min(replicasBehind, other.replicasBehind),
                    Math.min(entriesBehind, other.entriesBehind),
                    Math.max(entriesApplied, other.entriesApplied));
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
