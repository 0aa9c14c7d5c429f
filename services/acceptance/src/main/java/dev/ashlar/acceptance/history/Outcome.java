package dev.ashlar.acceptance.history;

/** What a client was told. */
public sealed interface Outcome {
    /** The put took effect; {@code created} says that there was no such key before. */
    record Written(long revision, boolean created) implements Outcome {}

    /** The delete took effect. */
    record Deleted(long revision) implements Outcome {}

    /** The answer to the put was lost, but a read saw its value at this revision. Made by the checker, never recorded. */
    record Seen(long revision) implements Outcome {}

    /** A read found this. */
    record Found(long value, long revision) implements Outcome {}

    /** There is no such key: a read, a delete without a key, or a condition on a revision. */
    record Absent() implements Outcome {}

    /** The condition of a write does not hold; the key is at this revision. */
    record Mismatch(long currentRevision) implements Outcome {}

    /** Nothing happened, says the store, or no store was reached. */
    record Failed() implements Outcome {}

    /** No answer, or one that leaves it open: a write may have taken effect, or may do so at any later time. */
    record Unknown() implements Outcome {}
}
