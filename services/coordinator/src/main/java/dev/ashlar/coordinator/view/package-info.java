/**
 * The cluster as people, clients and stores see it: the records of {@code common.cluster}, made of the replicated state and
 * what the leader observes, with the health of the whole in words. Pure functions, called by the endpoints and by the
 * heartbeat.
 */
package dev.ashlar.coordinator.view;
