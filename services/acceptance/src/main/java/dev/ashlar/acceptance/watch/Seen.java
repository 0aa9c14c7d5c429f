package dev.ashlar.acceptance.watch;

/**
 * An event as a watch told it.
 *
 * @param value the number that was written, -1 for a delete
 */
public record Seen(int shard, long revision, String key, long value) {}
