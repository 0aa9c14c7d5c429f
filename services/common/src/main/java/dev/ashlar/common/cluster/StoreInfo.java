package dev.ashlar.common.cluster;

import java.util.List;

/** A store as the coordinator knows it. {@code state} is up, draining, decommissioning, down or lost; the addresses are host:port. */
public record StoreInfo(
        String name,
        String diskId,
        String zone,
        String state,
        long incarnation,
        String httpAddress,
        String peerAddress,
        String version,
        long lastSeenMsAgo,
        int leaders,
        int replicas,
        long dataBytes,
        List<String> alarms) {}
