/**
 * The keys of one shard: what a command is ({@link dev.ashlar.store.kv.KvCommand}), what it does when it is applied
 * ({@link dev.ashlar.store.kv.KvStateMachine}), how it is read ({@link dev.ashlar.store.kv.KvReader}), and how the pages
 * of several shards become one ({@link dev.ashlar.store.kv.ScanMerge}).
 *
 * <p>The HTTP layer submits {@link dev.ashlar.store.kv.KvSubmission}s and reads; the engine applies. Nothing here knows
 * of HTTP, of a clock or of other shards, and nothing but a command that came through the log ever changes a key.
 */
package dev.ashlar.store.kv;
