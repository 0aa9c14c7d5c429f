/**
 * Watches of a cluster under faults: {@link dev.ashlar.acceptance.watch.WatchClient} records what one watch tells, over any
 * number of connections, and {@link dev.ashlar.acceptance.watch.WatchCheck} compares it with what was written.
 */
package dev.ashlar.acceptance.watch;
