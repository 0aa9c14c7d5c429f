package dev.ashlar.client;

/** A write that was applied. {@code created} tells that there was no such key; {@code shard} is where it lives. */
public record Written(String key, long revision, boolean created, int shard) {}
