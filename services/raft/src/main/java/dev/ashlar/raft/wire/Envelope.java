package dev.ashlar.raft.wire;

/**
 * What stands around a Raft message.
 *
 * @param sentNanos the sender's monotonic clock when it sent this
 * @param echoNanos {@code sentNanos} of the request that this answers, on the clock of the one it goes to; 0 when it
 *     answers none
 */
public record Envelope(int group, long fromReplica, long toReplica, long sentNanos, long echoNanos) {}
