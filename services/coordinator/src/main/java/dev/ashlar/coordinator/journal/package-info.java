/**
 * The last events of the cluster in memory, as every coordinator has applied them. Written by the state machine, read by
 * the API. Bounded by {@code Limits.EVENTS_MAX}; it never makes an event itself.
 */
package dev.ashlar.coordinator.journal;
