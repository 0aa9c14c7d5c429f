/**
 * The keys of one shard: what a command is ({@link dev.ashlar.store.kv.KvCommand}), what it does when it is applied
 * ({@link dev.ashlar.store.kv.KvStateMachine}), how it is read ({@link dev.ashlar.store.kv.KvReader}), and how the pages
 * of several shards become one ({@link dev.ashlar.store.kv.ScanMerge}).
 *
 * <p>The HTTP layer submits {@link dev.ashlar.store.kv.KvSubmission}s and reads; the engine applies. Nothing here knows
 * of HTTP, of a clock or of other shards, and nothing but a command that came through the log ever changes a key.
 *
 * <p>What a command does is part of the data format: stores of two versions apply the same log. Every kind of command and every
 * limit that is met when one is applied belongs to format 1, the first. A further one needs a format of its own
 * ({@link dev.ashlar.common.disk.DataDirectory#FORMAT}) and may be submitted only once the cluster is finalized at it, since an
 * older store passes over what it does not know.
 */
package dev.ashlar.store.kv;
