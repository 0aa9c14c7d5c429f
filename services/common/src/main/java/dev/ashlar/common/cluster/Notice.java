package dev.ashlar.common.cluster;

/** Something a store did by itself that belongs into the journal: told with each heartbeat until one is answered. {@code kind} is a stable word such as ready_latch_opened. */
public record Notice(String kind, String reason) {}
