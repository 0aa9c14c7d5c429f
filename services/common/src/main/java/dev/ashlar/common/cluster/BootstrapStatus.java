package dev.ashlar.common.cluster;

import java.util.List;

/** What a coordinator says of itself: {@code GET /internal/v1/bootstrap}. {@code members} are the ids (name.diskid) of the group it was formed with, empty while it has no state. */
public record BootstrapStatus(
        String name, String diskId, String peerAddress, String httpAddress, String clusterId, List<String> members) {}
