/**
 * The ordered scan over all shards: a page of each from its leader, merged into one; and the endpoint that a store gives to
 * other stores for its own shards.
 *
 * <p>Reading blocks, so it runs on a few threads of its own with a bounded queue, never on an event loop.
 */
package dev.ashlar.store.scan;
