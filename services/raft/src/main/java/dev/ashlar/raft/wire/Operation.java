package dev.ashlar.raft.wire;

import java.util.List;

import dev.ashlar.raft.Command;

/** What our own log entries carry (MicroRaft's membership operations stand beside it). */
public sealed interface Operation {
    /**
     * Commands of clients.
     *
     * @param origins the submitted objects of {@code commands}, or empty when it was read from the log or a peer
     */
    record Batch(List<byte[]> commands, List<Command> origins) implements Operation {}

    /** The first entry of a new leader: it commits what earlier terms left. */
    record NewTerm() implements Operation {}

    /** The only chunk of a snapshot: a reference. The files are streamed beside the Raft messages. */
    record SnapshotRef(long index) implements Operation {}
}
