/**
 * The store's dealings with the coordinators: finding them, registering, heartbeats, the newest shard map and the orders
 * that come with it.
 *
 * <p>One thread of its own runs the agent ({@link dev.ashlar.store.membership.MembershipAgent}); everybody else only reads
 * {@link dev.ashlar.store.membership.ClusterMap}. Nothing here is on the data path: when no coordinator answers, the store
 * goes on serving with what it knows.
 */
package dev.ashlar.store.membership;
