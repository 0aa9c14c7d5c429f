/**
 * Watchers beside a load: many open streams of events in the load generator's own thread, which knows when each write was
 * due and notes when each watcher has its event.
 *
 * <p>The streams themselves are of the protocols' packages. Events are not decoded: the number in a key is found in the bytes.
 */
package dev.ashlar.bench.watch;
