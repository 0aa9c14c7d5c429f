/**
 * Clients that load a cluster over HTTP and record what they see.
 *
 * <p>{@link dev.ashlar.acceptance.workload.KvClient} turns one call into one request (and at most one retry) and its
 * answer into an outcome; {@link dev.ashlar.acceptance.workload.Workload} runs many of them;
 * {@link dev.ashlar.acceptance.workload.ShardProbes} measures when shards take writes again;
 * {@link dev.ashlar.acceptance.workload.Figures} keeps what was measured.
 */
package dev.ashlar.acceptance.workload;
