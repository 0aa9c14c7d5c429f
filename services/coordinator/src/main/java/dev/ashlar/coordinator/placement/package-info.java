/**
 * Who holds what, and who leads: the first placement of shards, the spreading of preferred leaders over the stores, the
 * moves that make the actual leaders match, and the orders that stores get with their heartbeats.
 *
 * <p>Pure functions of the replicated state, what the leader observes and the time; called by the control loop and by the
 * heartbeat endpoint. Nothing here talks to anybody or keeps anything between calls.
 */
package dev.ashlar.coordinator.placement;
