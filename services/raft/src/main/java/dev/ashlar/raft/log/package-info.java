/**
 * The write-ahead log that all Raft groups of a process share: {@link dev.ashlar.raft.log.SharedLog}, for the engine alone. One
 * fdatasync makes the records of every group durable that were appended since the last one. docs/adr/002-write-ahead-log.md has
 * the format and the reasons.
 *
 * <p>What a start makes of a place without a valid record, the <em>rule for torn tails</em>: records are written in numbered
 * batches, and a batch only when the one before it is durable. So only the last batch can be torn, anywhere in it. A
 * valid record of a batch <em>after</em> the one in which the place lies proves that what is missing was durable, and
 * perhaps acknowledged: damage, and the start is refused ({@link dev.ashlar.raft.log.LogCorruptException}) with
 * nothing changed. Without such a record, no sync of the batch is known to have ended, nothing in it counts as
 * acknowledged, and the log is cut at that place. To make that proof as good as always there, the BEGIN of the next
 * batch is written right after each sync, and a clean close syncs it.
 *
 * <p>This package never interprets payloads, never decides what may be released, and never retries a failed sync.
 */
package dev.ashlar.raft.log;
