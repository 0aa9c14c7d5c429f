/**
 * Requests that another store must answer: where the leader of a shard is, and the pooled connections there.
 *
 * <p>{@code http} and {@code scan} call it on an event loop and are called back on the same one. It sends a request once and
 * says exactly what became of it; whether to try elsewhere is for the caller, who knows what may be sent twice.
 */
package dev.ashlar.store.forward;
