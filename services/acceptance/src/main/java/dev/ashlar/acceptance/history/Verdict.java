package dev.ashlar.acceptance.history;

/** What a check of a key found. */
public sealed interface Verdict {
    /** An order exists that explains every answer. */
    record Linearizable() implements Verdict {}

    /** No order does; {@code explanation} says how far the best attempt came. */
    record Violation(String explanation) implements Verdict {}

    /** The search was given up after so many configurations. Not an all-clear. */
    record Undecided(long configurations) implements Verdict {}
}
