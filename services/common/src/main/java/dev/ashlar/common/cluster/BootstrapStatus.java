package dev.ashlar.common.cluster;

import java.util.List;

/** What a coordinator says of itself: {@code GET /internal/v1/bootstrap}. {@code members} are the ids (name.diskid) of the group it was formed with, empty while it has no state. {@code dataFormat} is the newest data format it reads, 0 from a version that does not tell. {@code replica} is the number under which a coordinator with an empty disk wants to be taken in, 0 for a founding member. */
public record BootstrapStatus(
        String name,
        String diskId,
        String peerAddress,
        String httpAddress,
        String clusterId,
        List<String> members,
        int dataFormat,
        long replica) {
    /** A founding member, or one without a group. */
    public BootstrapStatus(
            String name,
            String diskId,
            String peerAddress,
            String httpAddress,
            String clusterId,
            List<String> members,
            int dataFormat) {
        this(name, diskId, peerAddress, httpAddress, clusterId, members, dataFormat, 0);
    }

    /** One that does not tell of its data format. */
    public BootstrapStatus(
            String name,
            String diskId,
            String peerAddress,
            String httpAddress,
            String clusterId,
            List<String> members) {
        this(name, diskId, peerAddress, httpAddress, clusterId, members, 0, 0);
    }
}
