package dev.ashlar.common.cluster;

/** One journal line of the coordinator. {@code id} grows by one; {@code atMs} is the wall clock of the coordinator leader in milliseconds since 1970; {@code kind} is a stable word such as store_registered, shard_created, leader_moved. */
public record Event(long id, long atMs, String kind, String subject, String reason) {}
