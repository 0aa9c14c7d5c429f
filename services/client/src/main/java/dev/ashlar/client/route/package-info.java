/**
 * Who leads which shard, from {@code GET /v1/cluster}, for a client that asks leaders directly: one hop less. Nothing
 * depends on it: any store forwards, so what is not known or cannot be reached is left to the given endpoints. The
 * {@link dev.ashlar.client.route.LeaderMap} is used by the load generator too.
 */
package dev.ashlar.client.route;
