/**
 * The control loops: {@link dev.ashlar.coordinator.control.ControlLoops} puts the pure ones together, the rest of the
 * package runs them on the coordinator that leads, takes registrations and heartbeats, and proposes what they decide.
 *
 * <p>The HTTP endpoints call in here. It never reaches a store by itself: stores pull their orders.
 */
package dev.ashlar.coordinator.control;
