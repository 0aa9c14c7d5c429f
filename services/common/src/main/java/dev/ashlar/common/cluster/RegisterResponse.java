package dev.ashlar.common.cluster;

/** The answer to a registration. The incarnation is larger than any that was handed out for the name before; {@code clusterId} is a UUID. */
public record RegisterResponse(String clusterId, long incarnation, int shards, long heartbeatMs) {}
