/**
 * Who is there: what the leading coordinator sees of stores and shard leaders ({@link
 * dev.ashlar.coordinator.membership.Observed}), which store process is the right one ({@link
 * dev.ashlar.coordinator.membership.Fencing}) and which store has gone silent ({@link
 * dev.ashlar.coordinator.membership.Liveness}).
 *
 * <p>The heartbeat endpoint feeds it, the control loops read it. Observations are never replicated: a new leader has them
 * again after one round of heartbeats. It never sends anything to a store.
 */
package dev.ashlar.coordinator.membership;
