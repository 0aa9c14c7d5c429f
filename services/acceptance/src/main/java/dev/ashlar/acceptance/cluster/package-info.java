/**
 * A whole cluster as processes of this machine, for tests that break it: the built jars, or the
 * native executables, on free ports of 127.0.0.1, with data in a temporary directory.
 *
 * <p>{@link dev.ashlar.acceptance.cluster.LocalCluster} starts and stops it and waits for what a test needs;
 * {@link dev.ashlar.acceptance.cluster.ServerProcess} is one process that can be killed, frozen and started again. It
 * looks at a cluster only from outside, through {@code GET /v1/cluster}, and never into a data directory. When a cluster
 * is closed, {@link dev.ashlar.acceptance.cluster.LogCheck} reads its logs.
 */
package dev.ashlar.acceptance.cluster;
