package dev.ashlar.store.kv;

/** What must hold of a key for a command to take effect; decided when the command is applied, never before. */
// An interface without default methods is not initialized with its records, so they cannot wait for each other.
@SuppressWarnings("ClassInitializationDeadlock")
public sealed interface Precondition {
    /** Always holds. */
    record None() implements Precondition {}

    /** The key must not exist: {@code If-None-Match: *}. */
    record Absent() implements Precondition {}

    /** The key must exist: {@code If-Match: *}. */
    record Exists() implements Precondition {}

    /** The key must be at this revision: {@code If-Match: "revision"}. */
    record AtRevision(long revision) implements Precondition {
        public AtRevision {
            if (revision < 1) {
                throw new IllegalArgumentException("a revision is at least 1, not " + revision);
            }
        }
    }

    Precondition NONE = new None();
    Precondition ABSENT = new Absent();
    Precondition EXISTS = new Exists();

    /** Whether it holds for a key whose revision is {@code currentRevision}, 0 when there is no such key. */
    static boolean holds(Precondition precondition, long currentRevision) {
        return switch (precondition) {
            case None none -> true;
            case Absent absent -> currentRevision == 0;
            case Exists exists -> currentRevision != 0;
            case AtRevision at -> currentRevision == at.revision();
        };
    }
}
