/** Processes that count under a lock, to be paused while they hold it: {@link dev.ashlar.acceptance.lock.CounterWorker}. */
package dev.ashlar.acceptance.lock;
