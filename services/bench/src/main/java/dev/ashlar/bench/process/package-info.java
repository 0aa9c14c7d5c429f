/**
 * The processes that are measured: what /proc says about them, and clusters of three that are started on loopback for a
 * comparison and stopped afterwards by process id.
 *
 * <p>Never ends a process that it did not start. Waits for conditions (health, a leader for every shard), with a deadline.
 */
package dev.ashlar.bench.process;
