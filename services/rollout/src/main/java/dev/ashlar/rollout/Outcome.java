package dev.ashlar.rollout;

import java.util.List;

/**
 * What a step found.
 *
 * @param good whether the sync may go on
 * @param isFinal whether looking again is of no use
 * @param progress what has been done of it; each more gives the caller its time to wait anew
 * @param reasons why, one sentence each
 */
public record Outcome(boolean good, boolean isFinal, int progress, List<String> reasons) {
    public Outcome {
        reasons = List.copyOf(reasons);
    }

    /** One to look at again when it is not good. */
    Outcome(boolean good, List<String> reasons) {
        this(good, good, 0, reasons);
    }

    /** A no that stays one. */
    static Outcome over(List<String> reasons) {
        return new Outcome(false, true, 0, reasons);
    }

    /** A no that may become a yes, with what has been done so far. */
    static Outcome notYet(int progress, List<String> reasons) {
        return new Outcome(false, false, progress, reasons);
    }

    static Outcome good(String reason) {
        return new Outcome(true, List.of(reason));
    }

    static Outcome bad(String reason) {
        return new Outcome(false, List.of(reason));
    }
}
