/**
 * How the process starts and stops: the configuration and its checks, the data directory, forming or re-entering the group,
 * the clock of the control loop, and the exit code.
 *
 * <p>{@link dev.ashlar.coordinator.boot.CoordinatorMain} is the entry; endpoints and health checks ask {@link
 * dev.ashlar.coordinator.boot.CoordinatorNode} for what runs. It never decides about stores or shards.
 */
package dev.ashlar.coordinator.boot;
