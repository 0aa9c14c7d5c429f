/** Which shard a key belongs to. Pure functions; the answer never changes for a given number of shards. */
package dev.ashlar.common.key;
