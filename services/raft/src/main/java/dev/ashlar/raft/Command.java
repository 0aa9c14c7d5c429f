package dev.ashlar.raft;

/**
 * One command on its way through the log, with the one who waits for its outcome. The state machine that applies it on
 * the replica that submitted it is handed this very object and tells it the outcome; every other replica sees only
 * {@link #bytes()}.
 *
 * <p>Exactly one outcome is told: by the state machine when it was applied, else {@link #failed}.
 */
public interface Command {
    /** What is replicated. Must not change after submission. */
    byte[] bytes();

    /** It was not, or may not have been, applied. Called on the engine thread or on the submitter's; must not block. */
    void failed(Failure failure);

    /** Why a command was not applied. */
    enum Failure {
        /** This replica does not lead the group; nothing was appended. */
        NOT_LEADER,
        /** The queue of the group is full; nothing was appended. */
        OVERLOADED,
        /** The log cannot take more (disk full); nothing was appended. */
        DISK_FULL,
        /** It was appended, and leadership was lost before its fate was known. It may still be applied. */
        UNKNOWN
    }
}
