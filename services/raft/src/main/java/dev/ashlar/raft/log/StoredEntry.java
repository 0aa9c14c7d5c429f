package dev.ashlar.raft.log;

/**
 * An entry that the log holds. The payload is read with {@link SharedLog#read}.
 *
 * @param type what the writer passed to {@link SharedLog#append}
 */
public record StoredEntry(long index, int term, byte type, LogPosition position) {}
