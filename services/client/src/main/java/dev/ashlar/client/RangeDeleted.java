package dev.ashlar.client;

/** Keys that were deleted, and whether all those of each shard went at once (up to 10,000 of one shard do). */
public record RangeDeleted(long deleted, boolean atomic) {}
