package dev.ashlar.coordinator.control;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.ashlar.common.StoreId;
import dev.ashlar.common.cluster.ReplicaInfo;
import dev.ashlar.coordinator.Fixtures;

/** A store process over all its starts and disks. */
final class SimulatedStore {
    /** A replica on its present disk. */
    static final class Copy {
        final long replica;
        long applied;
        long membersIndex;
        List<ReplicaInfo> members;
        long catchesUpAtMs = Long.MAX_VALUE;

        Copy(long replica, List<ReplicaInfo> members) {
            this.replica = replica;
            this.members = members;
        }
    }

    final String name;
    final String zone;
    final Map<Integer, Copy> copies = new TreeMap<>();
    private StoreId id;
    private String idText;
    boolean running;
    boolean goneForGood;
    long stoppedAtMs;
    long slowUntilMs;
    long incarnation;
    long registerAtMs;

    SimulatedStore(String name, String zone, int disk) {
        this.name = name;
        this.zone = zone;
        newDisk(disk);
    }

    void newDisk(int disk) {
        id = Fixtures.id(name, disk);
        idText = id.toString();
        copies.clear();
    }

    StoreId id() {
        return id;
    }

    String idText() {
        return idText;
    }

    void stop(long nowMs) {
        if (running) {
            running = false;
            stoppedAtMs = nowMs;
        }
    }

    void start(long registersAtMs) {
        running = true;
        incarnation = 0;
        registerAtMs = registersAtMs;
    }

    boolean slow(long nowMs) {
        return nowMs < slowUntilMs;
    }
}
