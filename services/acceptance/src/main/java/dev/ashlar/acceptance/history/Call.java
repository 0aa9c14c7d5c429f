package dev.ashlar.acceptance.history;

/** What a client asked for. The value of every put of a history is another one, so that a read tells which put it saw. */
public sealed interface Call {
    /** A put without a condition. */
    record Put(long value) implements Call {}

    /** A put that expects the key at a revision. */
    record PutAt(long value, long expectedRevision) implements Call {}

    /** A put that expects no such key. */
    record Create(long value) implements Call {}

    /** A linearizable read. */
    record Get() implements Call {}

    /** A delete without a condition. */
    record Delete() implements Call {}

    /** A delete that expects the key at a revision. */
    record DeleteAt(long expectedRevision) implements Call {}

    /** Whether it may change the key. */
    default boolean isWrite() {
        return !(this instanceof Get);
    }
}
