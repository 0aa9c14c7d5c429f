/**
 * What the coordinator group replicates, as immutable records, and how commands change it:
 * {@link dev.ashlar.coordinator.state.Transition}.
 *
 * <p>The control loops read it and propose commands; the group applies them on every coordinator. Nothing here knows a
 * clock, a thread, a disk or the network, and the same commands in the same order give the same state everywhere (S3):
 * times, ids and reasons come with the command or from the state.
 *
 * <p>What a leader only observes (heartbeats, leaders of shards) is no part of it: see {@code membership.Observed}.
 */
package dev.ashlar.coordinator.state;
