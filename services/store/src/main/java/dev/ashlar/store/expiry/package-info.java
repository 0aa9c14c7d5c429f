/** Proposes the deletion of keys whose time has run out, on the leader of their shard. Whether one goes is decided in the log. */
package dev.ashlar.store.expiry;
