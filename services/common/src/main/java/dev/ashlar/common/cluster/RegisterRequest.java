package dev.ashlar.common.cluster;

/** What a store says when it starts: {@code POST /internal/v1/stores/register} on any coordinator. {@code version} is the software version, {@code dataFormat} the number of its data format. */
public record RegisterRequest(
        String name,
        String diskId,
        String zone,
        String httpAddress,
        String peerAddress,
        String version,
        int dataFormat) {}
