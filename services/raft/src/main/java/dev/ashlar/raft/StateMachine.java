package dev.ashlar.raft;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a group replicates. Applying the same entries in the same order must give the same bytes on every replica (S3): no
 * clock, no randomness, no iteration over unordered sets.
 *
 * <p>Threads: {@link #apply}, {@link #advance}, {@link #endOfTurn} and {@link #install} are called on the engine thread
 * only and must not block for long; the others on any thread.
 */
public interface StateMachine extends AutoCloseable {
    /** The index of the last entry the state contains; after a restart, what had been flushed. 0 when empty. */
    long appliedIndex();

    /**
     * Applies one entry. Entries come in order of index; one at or below {@link #appliedIndex()} never comes. Effects may be
     * held back until {@link #endOfTurn()}, and so must the outcomes told to {@code entry.origins()}. A command that
     * fails is a result: this never throws but for a fault of the storage, which stops the replica.
     */
    void apply(LogEntry entry) throws IOException;

    /** Moves the applied index over an entry of the engine's own that has no effect on the state. */
    void advance(long index);

    /** Makes all that was applied since the last call visible to readers, at once, then tells the outcomes. */
    void endOfTurn() throws IOException;

    /** The highest index that survives a power cut. At most {@link #appliedIndex()}. */
    long durableIndex();

    /** Asks that {@link #durableIndex()} soon reaches what is applied now. Returns at once. */
    void requestFlush();

    /**
     * Makes a consistent copy of the state, as files below a new directory. Blocks; never on the engine thread. Cheap:
     * hard links.
     */
    SnapshotFiles snapshot() throws IOException;

    /**
     * Replaces the state by the files of a snapshot that has been received below {@code directory} (on the same file
     * system; this takes the directory over).
     */
    void install(Path directory) throws IOException;

    /** Flushes and closes. No call comes after it. */
    @Override
    void close() throws IOException;
}
