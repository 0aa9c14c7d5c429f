package dev.ashlar.raft;

import java.util.List;

/**
 * A committed entry that a state machine applies.
 *
 * @param index its index in the group's log
 * @param commands the commands of the batch, in order
 * @param origins the submitted objects of {@code commands}, position by position, on the replica that submitted them;
 *     empty on every other replica and after a restart
 */
public record LogEntry(long index, List<byte[]> commands, List<Command> origins) {}
