package dev.ashlar.cli.command;

/** The answer to a write. */
record WriteResult(String key, long revision, int shard) {}
