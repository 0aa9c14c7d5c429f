/**
 * When a store that has started is ready: it has caught up, and its readiness latch has opened ({@link
 * dev.ashlar.store.readiness.LatchRule}, a pure rule). Asked by the readiness probe and before each heartbeat, which tells the
 * coordinators; it changes nothing but its own memory of having been ready once.
 */
package dev.ashlar.store.readiness;
