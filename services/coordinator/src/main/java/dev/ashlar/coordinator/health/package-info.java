/**
 * Health and gauges on the management port. Started: the group is formed and this replica has caught up once. Ready: it
 * knows a leader and is caught up. Live: the engine makes progress. They read, and never change anything.
 */
package dev.ashlar.coordinator.health;
