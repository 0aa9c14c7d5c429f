/**
 * {@code GET /v1/watch}: the events of the feed as server-sent events, and the endpoint that gives other stores the history
 * of a shard. What is watched and how clients fall behind and catch up is in {@link dev.ashlar.store.feed}.
 */
package dev.ashlar.store.watch;
