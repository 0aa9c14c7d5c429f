package dev.ashlar.common.cluster;

import java.util.List;

/** What a coordinator says of itself: {@code GET /internal/v1/bootstrap}. {@code members} are the ids (name.diskid) of the group it was formed with, empty while it has no state. {@code dataFormat} is the newest data format it reads, 0 from a version that does not tell. */
public record BootstrapStatus(
        String name,
        String diskId,
        String peerAddress,
        String httpAddress,
        String clusterId,
        List<String> members,
        int dataFormat) {
    /** One that does not tell of its data format. */
    public BootstrapStatus(
            String name,
            String diskId,
            String peerAddress,
            String httpAddress,
            String clusterId,
            List<String> members) {
        this(name, diskId, peerAddress, httpAddress, clusterId, members, 0);
    }
}
