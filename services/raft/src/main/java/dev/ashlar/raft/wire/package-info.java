/**
 * Raft messages and log entries as bytes. {@link dev.ashlar.raft.wire.Codec} turns MicroRaft's messages into frames and
 * back, {@link dev.ashlar.raft.wire.Operations} does the same for what log entries carry, {@link
 * dev.ashlar.raft.wire.Entry} is the log entry that can forget its payload and read it from the log again.
 *
 * <p>A frame starts with an envelope: format (1 byte), group (4), replica it comes from (8), replica it goes to (8), send
 * time (8) and echoed send time (8, both nanoseconds of the sender's resp. the receiver's monotonic clock, for the leader
 * lease), then the kind of message (1) and its fields in fixed width. Numbers are big-endian. Anything malformed is a
 * {@link dev.ashlar.raft.wire.WireException}; decoding never allocates more than the frame is long.
 *
 * <p>Called on the engine thread; nothing here keeps state, knows the network or the disk.
 */
package dev.ashlar.raft.wire;
