package dev.ashlar.store.readiness;

import java.util.List;
import java.util.Optional;

import dev.ashlar.common.cluster.LatchAdvice;

/**
 * The rule of the readiness latch (S7): after a start a store is not ready before every shard that it hosts is at full
 * strength. The StatefulSet controller then waits with the next pod.
 *
 * <ol>
 *   <li>Its own replicas have caught up. For that it waits as long as they get on: a new disk takes as long as it takes. When
 *       they have not for the timeout (a shard that has lost its majority elects no leader, however long one waits), it
 *       opens: the store serves its other shards, and answers {@code no_leader} for that one. The gate goes on holding.
 *   <li>The coordinator says that nothing is missing: open.
 *   <li>The latch must make no outage of its own. It opens early when the coordinator says so (a lasting loss, fewer than
 *       half of the stores ready), when no coordinator has answered for {@link #SILENCE_MS}, and after the timeout.
 *   <li>A coordinator of a version that says nothing about it: open, as before there was a latch.
 * </ol>
 */
final class LatchRule {
    /** Without an answer of a coordinator for so long nobody is waited for, in milliseconds. */
    static final long SILENCE_MS = 30_000;

    private LatchRule() {}

    /**
     * What the latch is decided from. Times in milliseconds.
     *
     * @param notCaughtUp why the own replicas are not there yet, empty when they are
     * @param standstillMs since the own replicas last got on; 0 as long as there is nothing to catch up with
     * @param answered whether a coordinator has answered a heartbeat since the replicas were opened
     * @param advice of the last answer; empty when its version gives none
     * @param silentMs since the last answer, or since the start when there was none
     * @param closedMs since the own replicas had caught up first
     * @param timeoutMs how long it may stay closed
     */
    record Situation(
            List<String> notCaughtUp,
            long standstillMs,
            boolean answered,
            Optional<LatchAdvice> advice,
            long silentMs,
            long closedMs,
            long timeoutMs) {}

    /** Whether it is open, and why. */
    sealed interface Decision {
        /** Still closed, for these reasons. */
        record Closed(List<String> reasons) implements Decision {}

        /** Open; {@code early} says why before full strength, empty otherwise. */
        record Open(String early) implements Decision {}
    }

    static Decision decide(Situation now) {
        if (!now.notCaughtUp().isEmpty()) {
            // A timeout of 0 turns the latch off, not the catching up.
            return now.standstillMs() < Math.max(now.timeoutMs(), SILENCE_MS)
                    ? new Decision.Closed(now.notCaughtUp())
                    : new Decision.Open("the own replicas have not got on for " + now.standstillMs() / 1_000
                            + " s, which is the timeout: " + String.join("; ", now.notCaughtUp()));
        }
        List<String> missing = now.advice().map(LatchAdvice::missing).orElse(List.of());
        if (now.answered() && missing.isEmpty()) {
            return new Decision.Open("");
        }
        String advised = now.advice().map(LatchAdvice::open).orElse("");
        if (now.answered() && !advised.isEmpty()) {
            return new Decision.Open(advised);
        }
        if (now.silentMs() >= SILENCE_MS) {
            return new Decision.Open("no coordinator has answered for " + now.silentMs() / 1_000 + " s");
        }
        if (now.closedMs() >= now.timeoutMs()) {
            return new Decision.Open("closed for " + now.closedMs() / 1_000 + " s, which is the timeout: "
                    + (missing.isEmpty() ? "no coordinator has answered" : String.join("; ", missing)));
        }
        return new Decision.Closed(
                now.answered()
                        ? missing
                        : List.of("no coordinator has said yet whether the shards are at full strength"));
    }
}
