package dev.ashlar.coordinator.state;

import java.util.Objects;

import dev.ashlar.common.StoreId;

/**
 * A disk that has registered under a name.
 *
 * @param incarnation of its last process start; of two disks of one name the higher one is the store
 * @param httpAddress {@code host:port}
 * @param peerAddress {@code host:port}
 * @param byScaleIn whether the store itself ordered its decommission, when its StatefulSet had become too small; absent in
 *     what older versions wrote, which means no
 */
public record StoreRecord(
        StoreId id,
        String zone,
        String httpAddress,
        String peerAddress,
        String version,
        int dataFormat,
        long incarnation,
        Intent intent,
        Presence presence,
        boolean byScaleIn) {
    public StoreRecord {
        Objects.requireNonNull(id);
        Objects.requireNonNull(zone);
        Objects.requireNonNull(intent);
        Objects.requireNonNull(presence);
    }

    public StoreRecord withPresence(Presence next) {
        return new StoreRecord(
                id, zone, httpAddress, peerAddress, version, dataFormat, incarnation, intent, next, byScaleIn);
    }

    /** @param scaleIn whether a decommission is ordered by the store itself */
    public StoreRecord withIntent(Intent next, boolean scaleIn) {
        return new StoreRecord(
                id, zone, httpAddress, peerAddress, version, dataFormat, incarnation, next, presence, scaleIn);
    }

    /** The word for it in JSON: up, draining, decommissioning, down or lost. */
    public String word() {
        return switch (presence) {
            case LOST -> "lost";
            case DOWN -> "down";
            case UP ->
                switch (intent) {
                    case SERVE -> "up";
                    case DRAIN -> "draining";
                    case DECOMMISSION -> "decommissioning";
                };
        };
    }
}
