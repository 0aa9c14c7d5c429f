package dev.ashlar.common.cluster;

/** What a store knows of the integrity of a replica. {@code index} is the log index at which {@code checksum} (16 hex digits) and {@code revision} were taken, 0 before the first verification; {@code damage} says what is wrong with the bytes on its disk, empty for nothing. */
public record ReplicaCheck(int shard, long replica, long index, long revision, String checksum, String damage) {}
