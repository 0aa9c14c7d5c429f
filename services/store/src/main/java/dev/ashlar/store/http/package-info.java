/**
 * The HTTP API of a store: what a request says, and what it is answered.
 *
 * <p>The way of a request: {@link dev.ashlar.store.http.KvRoute} decides what it is and refuses what is not valid, then
 * {@link dev.ashlar.store.http.Writes} or {@link dev.ashlar.store.http.Reads} serves it here or hands it to
 * {@code forward}. All of it runs on the event loop of the connection and never blocks; the engine answers from its own
 * thread, and every answer comes back to that event loop first.
 */
package dev.ashlar.store.http;
